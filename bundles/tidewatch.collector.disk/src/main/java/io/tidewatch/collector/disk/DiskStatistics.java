package io.tidewatch.collector.disk;

import io.tidewatch.api.collector.Diagnostics;
import io.tidewatch.api.collector.Metric;
import io.tidewatch.api.collector.Sample;
import io.tidewatch.api.collector.Unit;
import io.tidewatch.procfs.Fields;
import io.tidewatch.procfs.ProcFormatException;
import java.util.ArrayList;
import java.util.List;

/**
 * The lines of {@code /proc/diskstats}:
 *
 * <pre>
 *  179  0 mmcblk0 69023 11644 4942418 17406 698707 90797 11380408 74112 0 46684 111214 …
 * </pre>
 *
 * <p>Source: kernel documentation, admin-guide/iostats.rst: after major, minor and name come reads completed, reads
 * merged, sectors read, milliseconds reading, the same four for writes, requests in progress, milliseconds with any
 * request, and milliseconds weighted by the number of requests. A sector is 512 bytes whatever the device uses. Later
 * kernels append fields.
 */
final class DiskStatistics {
    private static final Metric READ_OPS = counter("read_ops", Unit.NONE, "Reads completed");
    private static final Metric WRITE_OPS = counter("write_ops", Unit.NONE, "Writes completed");
    private static final Metric READ_BYTES = counter("read_bytes", Unit.BYTES, "Bytes read");
    private static final Metric WRITE_BYTES = counter("write_bytes", Unit.BYTES, "Bytes written");
    private static final Metric READ_TIME = counter("read_time_ms", Unit.MILLISECONDS, "Time that all reads took");
    private static final Metric WRITE_TIME = counter("write_time_ms", Unit.MILLISECONDS, "Time that all writes took");
    private static final Metric BUSY_TIME =
            counter("io_time_ms", Unit.MILLISECONDS, "Time in which at least one request was open");
    private static final Metric WEIGHTED_TIME = counter(
            "io_time_weighted_ms", Unit.MILLISECONDS, "Time with requests open, times the number of open requests");
    private static final Metric IN_PROGRESS =
            Metric.gauge("disk.io_in_progress", Unit.NONE, "Requests issued and not complete", "device");

    static final List<Metric> METRICS = List.of(
            READ_OPS, WRITE_OPS, READ_BYTES, WRITE_BYTES, READ_TIME, WRITE_TIME, BUSY_TIME, WEIGHTED_TIME, IN_PROGRESS);

    private static final long SECTOR_BYTES = 512;

    private DiskStatistics() {}

    private static Metric counter(String name, Unit unit, String help) {
        return Metric.counter("disk." + name + "_total", unit, help, "device");
    }

    /** The device of the line that the cursor is at; the cursor goes behind it. */
    static String device(Fields fields) throws ProcFormatException {
        fields.number();
        fields.number();
        return fields.word();
    }

    /** Reads the numbers after the device; those that cannot be right are left out and reported. */
    static List<Sample> read(Fields fields, String device, Diagnostics diagnostics) throws ProcFormatException {
        Row row = new Row(fields, device, new ArrayList<>(), diagnostics);
        row.add(READ_OPS, "reads", 1);
        fields.number();
        row.add(READ_BYTES, "sectors read", SECTOR_BYTES);
        row.add(READ_TIME, "time of reads", 1);
        row.add(WRITE_OPS, "writes", 1);
        fields.number();
        row.add(WRITE_BYTES, "sectors written", SECTOR_BYTES);
        row.add(WRITE_TIME, "time of writes", 1);
        row.add(IN_PROGRESS, "requests in progress", 1);
        row.add(BUSY_TIME, "time with requests", 1);
        row.add(WEIGHTED_TIME, "weighted time", 1);
        return row.samples();
    }

    /** The numbers of a row, each of which may be damaged alone. */
    private record Row(Fields fields, String device, List<Sample> samples, Diagnostics diagnostics) {
        void add(Metric metric, String what, long unit) throws ProcFormatException {
            long number = fields.number();
            long limit = Long.MAX_VALUE / unit;
            if (number < limit) {
                samples.add(metric.sample((double) (number * unit), device));
            } else {
                diagnostics.damaged(device + ", " + what, fields.rejected(what + " of " + device + " below " + limit));
            }
        }
    }
}
