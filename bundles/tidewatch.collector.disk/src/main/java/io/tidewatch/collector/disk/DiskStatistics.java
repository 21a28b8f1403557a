package io.tidewatch.collector.disk;

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
    private static final long SECTOR_BYTES = 512;

    private long readOps;
    private long readBytes;
    private long readMillis;
    private long writeOps;
    private long writeBytes;
    private long writeMillis;
    private long inProgress;
    private long weightedMillis;

    /** The device of the line that the cursor is at; the cursor goes behind it. */
    static String device(Fields fields) throws ProcFormatException {
        fields.number();
        fields.number();
        return fields.word();
    }

    /**
     * Takes the numbers behind the device.
     *
     * @throws ProcFormatException if the line is not as documented
     */
    void read(Fields fields) throws ProcFormatException {
        readOps = fields.number();
        fields.number();
        readBytes = bytes(fields);
        readMillis = fields.number();
        writeOps = fields.number();
        fields.number();
        writeBytes = bytes(fields);
        writeMillis = fields.number();
        inProgress = fields.number();
        fields.number();
        weightedMillis = fields.number();
    }

    private static long bytes(Fields fields) throws ProcFormatException {
        long sectors = fields.number();
        if (sectors > Long.MAX_VALUE / SECTOR_BYTES) {
            throw fields.error("sectors of less than 2^63 bytes before this");
        }
        return sectors * SECTOR_BYTES;
    }

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

    /** Time with a request open, counted once per open request. */
    long weightedMillis() {
        return weightedMillis;
    }
}
