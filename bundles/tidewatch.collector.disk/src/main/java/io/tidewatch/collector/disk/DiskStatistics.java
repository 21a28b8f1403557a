package io.tidewatch.collector.disk;

import io.tidewatch.api.collector.Diagnostics;
import io.tidewatch.procfs.Fields;
import io.tidewatch.procfs.ProcFormatException;

/**
 * One line of {@code /proc/diskstats}, read field by field into the same object:
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
    /** A number that is damaged. */
    static final long ABSENT = -1;

    private static final long SECTOR_BYTES = 512;

    private long readOps;
    private long readBytes;
    private long readMillis;
    private long writeOps;
    private long writeBytes;
    private long writeMillis;
    private long inProgress;
    private long busyMillis;
    private long weightedMillis;

    /** The device of the line that the cursor is at; the cursor goes behind it. */
    static String device(Fields fields) throws ProcFormatException {
        fields.number();
        fields.number();
        return fields.word();
    }

    /**
     * Reads the numbers after the device.
     *
     * @param diagnostics gets the numbers that cannot be right, which are then {@link #ABSENT}
     * @throws ProcFormatException if the line is not as documented
     */
    void read(Fields fields, String device, Diagnostics diagnostics) throws ProcFormatException {
        Row row = new Row(fields, device, diagnostics);
        readOps = row.number("reads");
        fields.number();
        readBytes = row.bytes("sectors read");
        readMillis = row.number("time of reads");
        writeOps = row.number("writes");
        fields.number();
        writeBytes = row.bytes("sectors written");
        writeMillis = row.number("time of writes");
        inProgress = row.number("requests in progress");
        busyMillis = row.number("time with requests");
        weightedMillis = row.number("weighted time");
    }

    /** The numbers of a row, each of which may be damaged alone. */
    private record Row(Fields fields, String device, Diagnostics diagnostics) {
        long number(String what) throws ProcFormatException {
            return below(Fields.OVERFLOW, what);
        }

        long bytes(String what) throws ProcFormatException {
            long sectors = below(Long.MAX_VALUE / SECTOR_BYTES, what);
            return sectors == ABSENT ? ABSENT : sectors * SECTOR_BYTES;
        }

        private long below(long limit, String what) throws ProcFormatException {
            long number = fields.number();
            if (number < limit) {
                return number;
            }
            diagnostics.damaged(device + ", " + what, fields.rejected(what + " of " + device + " below " + limit));
            return ABSENT;
        }
    }

    /** Reads completed; like all others {@link #ABSENT} if the number cannot be right. */
    long readOps() {
        return readOps;
    }

    long readBytes() {
        return readBytes;
    }

    /** Time that reads took, summed over all of them. */
    long readMillis() {
        return readMillis;
    }

    long writeOps() {
        return writeOps;
    }

    long writeBytes() {
        return writeBytes;
    }

    /** Time that writes took, summed over all of them. */
    long writeMillis() {
        return writeMillis;
    }

    /** Requests that have been issued and are not complete. */
    long inProgress() {
        return inProgress;
    }

    /** Time with at least one request open. */
    long busyMillis() {
        return busyMillis;
    }

    /** Time with a request open, counted once per open request. */
    long weightedMillis() {
        return weightedMillis;
    }
}
