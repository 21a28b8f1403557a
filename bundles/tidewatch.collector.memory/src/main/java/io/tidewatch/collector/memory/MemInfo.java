package io.tidewatch.collector.memory;

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
     * @throws ProcFormatException if one of the lines is not as documented, or there is no MemTotal
     */
    void read(Fields fields) throws ProcFormatException {
        total = ABSENT;
        available = ABSENT;
        swapTotal = ABSENT;
        swapFree = ABSENT;
        while (fields.nextLine()) {
            if (fields.skip("MemTotal:")) {
                total = bytes(fields);
            } else if (fields.skip("MemAvailable:")) {
                available = bytes(fields);
            } else if (fields.skip("SwapTotal:")) {
                swapTotal = bytes(fields);
            } else if (fields.skip("SwapFree:")) {
                swapFree = bytes(fields);
            }
        }
        if (total == ABSENT) {
            throw fields.error("a line 'MemTotal:'");
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

    /** The first less the second; {@link #ABSENT} if one of them is, or the second is larger. */
    static long difference(long whole, long part) {
        return whole == ABSENT || part == ABSENT || part > whole ? ABSENT : whole - part;
    }

    private static long bytes(Fields fields) throws ProcFormatException {
        long kibibytes = fields.number();
        if (!fields.skip("kB")) {
            throw fields.error("'kB'");
        }
        if (kibibytes > MAX_KIB) {
            throw fields.error("less than 2^63 bytes");
        }
        return kibibytes << 10;
    }
}
