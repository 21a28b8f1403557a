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
final class MemInfo {
    /** A value that the text does not have. */
    static final long ABSENT = -1;

    private static final long MAX_KIB = Long.MAX_VALUE >> 10;

    private long total;
    private long available;
    private long swapTotal;
    private long swapFree;

    /**
     * Takes the values of a text, forgetting the ones before.
     *
     * @param diagnostics gets the lines that are not as documented, or missing
     */
    void read(Fields fields, Diagnostics diagnostics) {
        total = ABSENT;
        available = ABSENT;
        swapTotal = ABSENT;
        swapFree = ABSENT;
        boolean damaged = false;
        while (fields.nextLine()) {
            try {
                readLine(fields);
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
    }

    private void readLine(Fields fields) throws ProcFormatException {
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
    }

    long total() {
        return total;
    }

    long available() {
        return available;
    }

    long swapTotal() {
        return swapTotal;
    }

    long swapFree() {
        return swapFree;
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
