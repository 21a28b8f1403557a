package io.tidewatch.collector.accelerator;

import io.tidewatch.api.collector.Diagnostics;
import io.tidewatch.api.collector.Metric;
import io.tidewatch.api.collector.Sample;
import io.tidewatch.procfs.Fields;
import io.tidewatch.procfs.ProcBuffer;
import io.tidewatch.procfs.ProcFormatException;
import io.tidewatch.procfs.ProcFs;
import java.io.IOException;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.LongSupplier;

/**
 * How busy the encoders and decoders of a Rockchip chip are:
 *
 * <pre>
 * fdbd0000.rkvenc-core      load:  98.26% utilization:  97.25%
 * </pre>
 *
 * <p>The kernel counts only after an interval was written into {@code load_interval}; before that the file has another text
 * in place of the rows. That is no load of 0, and reported as a note. It computes a load when a frame is done, and keeps it for
 * as long as there is no other one: a load other than 0 that stays the same to the hundredth for {@value #UNCHANGED_SECONDS}
 * seconds is such a rest, and left out.
 *
 * <p>Source: Rockchip's kernel from 6.1.84 on, drivers/video/rockchip/mpp/mpp_service.c, {@code
 * /proc/mpp_service/load}; mainline kernels have no such file.
 */
final class VideoCores {
    /** No chip has as many. */
    private static final int MOST_ROWS = 64;

    /** How the text begins that stands in for the rows. */
    private static final String UNARMED = "please";

    private static final String ARM =
            "the kernel does not count the load of the video cores yet; run as root: echo 1000 >"
                    + " /proc/mpp_service/load_interval";
    private static final String SUBJECT = "mpp_service";

    /** Longer than intervals that are written into load_interval. */
    static final int UNCHANGED_SECONDS = 120;

    private static final long UNCHANGED_NANOS =
            Duration.ofSeconds(UNCHANGED_SECONDS).toNanos();

    private final Path file;
    private final CoreNames names;
    private final LongSupplier nanoTime;
    private final ProcBuffer buffer = new ProcBuffer();

    /** Whether all names of a pass were valid, so that the numbers of the cores are right. */
    private boolean complete;

    /** Since when a pass has had each row as it is, in monotonic nanoseconds. */
    private Map<Row, Long> since = Map.of();

    private record Row(String name, double load, double utilization) {}

    VideoCores(ProcFs procFs, CoreNames names, LongSupplier nanoTime) {
        this.file = procFs.proc("mpp_service/load");
        this.names = names;
        this.nanoTime = nanoTime;
    }

    /** Adds the loads as they are now; nothing on a machine without the file. */
    void addTo(List<Sample> samples, Diagnostics diagnostics) {
        Map<Row, Long> before = since;
        since = new HashMap<>();
        Fields fields;
        try {
            fields = buffer.read(file);
        } catch (NoSuchFileException e) {
            return;
        } catch (IOException e) {
            diagnostics.note(SUBJECT, "no reading of " + file);
            return;
        }
        Set<String> reported = new HashSet<>();
        for (Row row : rows(fields, diagnostics)) {
            String device = names.of(row.name());
            since.put(row, before.getOrDefault(row, nanoTime.getAsLong()));
            if (!complete || !reported.add(device)) {
                continue;
            }
            if (row.load() > 0 && nanoTime.getAsLong() - since.get(row) >= UNCHANGED_NANOS) {
                diagnostics.note(
                        device,
                        "no load of " + device + ": it is the same for 2m, as the kernel keeps the last one of a core"
                                + " without work");
            } else {
                add(samples, AcceleratorCollector.LOAD, row.load(), device);
                add(samples, AcceleratorCollector.UTILIZATION, row.utilization(), device);
            }
        }
    }

    private List<Row> rows(Fields fields, Diagnostics diagnostics) {
        List<Row> rows = new ArrayList<>();
        boolean damaged = false;
        while (fields.nextLine() && fields.lineNumber() <= MOST_ROWS) {
            if (fields.lineNumber() == 1 && fields.startsWith(UNARMED)) {
                diagnostics.note(SUBJECT, ARM);
                return List.of();
            }
            if (!fields.hasNext()) {
                continue;
            }
            try {
                String name = fields.word();
                if (!names.learn(name)) {
                    throw fields.rejected("the name of a core, as fdbd0000.rkvenc-core");
                }
                rows.add(new Row(
                        name,
                        value(fields, "load:", name, diagnostics),
                        value(fields, "utilization:", name, diagnostics)));
            } catch (ProcFormatException e) {
                damaged = true;
                diagnostics.damaged(SUBJECT + " line " + fields.lineNumber(), e);
            }
        }
        complete |= !damaged && !rows.isEmpty();
        return rows;
    }

    /** NaN if it cannot be right. */
    private static double value(Fields fields, String label, String core, Diagnostics diagnostics) {
        try {
            if (!fields.skipPrefix(label)) {
                throw fields.error("'" + label + "'");
            }
            return Percent.read(fields);
        } catch (ProcFormatException e) {
            diagnostics.damaged(core + " " + label.substring(0, label.length() - 1), e);
            return Double.NaN;
        }
    }

    private static void add(List<Sample> samples, Metric metric, double value, String device) {
        if (!Double.isNaN(value)) {
            samples.add(metric.sample(value, device));
        }
    }
}
