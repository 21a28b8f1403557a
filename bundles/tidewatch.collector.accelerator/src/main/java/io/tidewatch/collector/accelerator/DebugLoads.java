package io.tidewatch.collector.accelerator;

import io.tidewatch.api.collector.Diagnostics;
import io.tidewatch.api.collector.Sample;
import io.tidewatch.procfs.Fields;
import io.tidewatch.procfs.ProcBuffer;
import io.tidewatch.procfs.ProcFormatException;
import io.tidewatch.procfs.ProcFs;
import java.io.IOException;
import java.nio.file.Path;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * Loads of the NPU and of the 2D engines of a Rockchip chip. Only root may read debugfs: for an agent with a user of its
 * own they are absent, without a note.
 *
 * <p>Source: Rockchip's kernel, drivers/rknpu/rknpu_debugger.c: {@code NPU load:  Core0:  0%, Core1:  0%, Core2:  0%,} or
 * {@code NPU load:  0%}; drivers/video/rockchip/rga3/rga_debugger.c: a line {@code scheduler[0]: rga3_core0} for each
 * engine, and below it {@code load = 0%}.
 */
final class DebugLoads {
    private static final Pattern ENGINE = Pattern.compile("[A-Za-z0-9_-]{1,32}");
    private static final String NPU = "npu";
    private static final String NPU_SUBJECT = "rknpu";
    private static final String RGA_SUBJECT = "rkrga";
    private static final int MOST_CORES = 64;

    private final Path npu;
    private final Path rga;
    private final ProcBuffer buffer = new ProcBuffer();

    DebugLoads(ProcFs procFs) {
        npu = procFs.sys("kernel/debug/rknpu/load");
        rga = procFs.sys("kernel/debug/rkrga/load");
    }

    /** Adds the loads as they are now, as far as they may be read. */
    void addTo(List<Sample> samples, Diagnostics diagnostics) {
        Fields fields = read(npu);
        if (fields != null && fields.nextLine()) {
            addNpu(samples, fields, diagnostics);
        }
        fields = read(rga);
        if (fields != null) {
            addRga(samples, fields, diagnostics);
        }
    }

    private @Nullable Fields read(Path file) {
        try {
            return buffer.read(file);
        } catch (IOException e) {
            return null;
        }
    }

    /** @param fields a cursor on the line */
    static void addNpu(List<Sample> samples, Fields fields, Diagnostics diagnostics) {
        Set<String> reported = new HashSet<>();
        try {
            if (!fields.skip("NPU") || !fields.skip("load:")) {
                throw fields.error("'NPU load:'");
            }
            while (fields.hasNext()) {
                String device = fields.skipPrefix("Core") ? core(fields) : NPU;
                if (reported.add(device)) {
                    addLoad(samples, device, fields, NPU_SUBJECT, diagnostics);
                } else {
                    throw fields.error("each core once");
                }
            }
        } catch (ProcFormatException e) {
            diagnostics.damaged(NPU_SUBJECT, e);
        }
    }

    private static String core(Fields fields) throws ProcFormatException {
        long core = fields.numberBefore(':');
        if (core >= MOST_CORES) {
            throw fields.rejected("a core below " + MOST_CORES);
        }
        return NPU + core;
    }

    static void addRga(List<Sample> samples, Fields fields, Diagnostics diagnostics) {
        Set<String> reported = new HashSet<>();
        String engine = null;
        while (fields.nextLine() && fields.lineNumber() <= MOST_CORES) {
            try {
                if (fields.skipPrefix("scheduler[")) {
                    engine = null;
                    engine = engine(fields, reported);
                } else if (engine != null && fields.skip("load") && fields.skip("=")) {
                    addLoad(samples, engine, fields, RGA_SUBJECT, diagnostics);
                    engine = null;
                }
            } catch (ProcFormatException e) {
                diagnostics.damaged(RGA_SUBJECT + " line " + fields.lineNumber(), e);
            }
        }
    }

    /** The name of an engine; with its number where another one has the same. */
    private static String engine(Fields fields, Set<String> reported) throws ProcFormatException {
        long number = fields.numberBefore(']');
        if (!fields.skip(":")) {
            throw fields.error("':' and the name of an engine");
        }
        String name = fields.word();
        if (!ENGINE.matcher(name).matches() || number >= MOST_CORES) {
            throw fields.rejected("the name of an engine");
        }
        String device = reported.add(name) ? name : name + "_" + number;
        if (!device.equals(name) && !reported.add(device)) {
            throw fields.rejected("each engine once");
        }
        return device;
    }

    private static void addLoad(
            List<Sample> samples, String device, Fields fields, String subject, Diagnostics diagnostics) {
        try {
            samples.add(AcceleratorCollector.LOAD.sample(Percent.read(fields), device));
        } catch (ProcFormatException e) {
            diagnostics.damaged(subject + " " + device, e);
        }
    }
}
