package io.tidewatch.collector.memory;

import io.tidewatch.api.collector.Diagnostics;
import io.tidewatch.procfs.Fields;
import io.tidewatch.procfs.ProcFormatException;

/**
 * The lines of {@code /proc/meminfo} that the collector reports, in bytes.
 *
 * <p>Source: kernel documentation, filesystems/proc.rst, meminfo: {@code MemTotal:  8123456 kB}, where a kB is 1,024
 * bytes.
 */
record MemInfo(long total, long available, long swapTotal, long swapFree) {
    /** A value that the file does not have. */
    static final long ABSENT = -1;

    private static final long MAX_KIB = Long.MAX_VALUE >> 10;

    static MemInfo read(Fields fields, Diagnostics diagnostics) {
        long total = ABSENT;
        long available = ABSENT;
        long swapTotal = ABSENT;
        long swapFree = ABSENT;
        boolean damaged = false;
        while (fields.nextLine()) {
            try {
                if (fields.skip("MemTotal:")) {
                    total = bytes(fields);
                } else if (fields.skip("MemAvailable:")) {
                    available = bytes(fields);
                } else if (fields.skip("SwapTotal:")) {
                    swapTotal = bytes(fields);
                } else if (fields.skip("SwapFree:")) {
                    swapFree = bytes(fields);
                } else if (!fields.startsWithLetter()) {
                    throw fields.error("a name and ':'");
                }
            } catch (ProcFormatException e) {
                diagnostics.damaged("line " + fields.lineNumber(), e);
                damaged = true;
            }
        }
        if (!damaged && total == ABSENT) {
            diagnostics.damaged("MemTotal", fields.missing("line 'MemTotal:'"));
        }
        if (!damaged && available == ABSENT) {
            diagnostics.note("MemAvailable", "this kernel does not report available memory");
        }
        if (!damaged && (swapTotal == ABSENT || swapFree == ABSENT)) {
            diagnostics.note("Swap", "this kernel does not report swap");
        }
        return new MemInfo(total, available, swapTotal, swapFree);
    }

    private static long bytes(Fields fields) throws ProcFormatException {
        long kibibytes = fields.number();
        if (kibibytes > MAX_KIB) {
            throw fields.rejected("less than 2^63 bytes");
        }
        if (!fields.skip("kB")) {
            throw fields.error("'kB'");
        }
        return kibibytes << 10;
    }
}
