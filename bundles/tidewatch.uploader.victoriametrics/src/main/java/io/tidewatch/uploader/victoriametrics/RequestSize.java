package io.tidewatch.uploader.victoriametrics;

import java.time.Duration;

/**
 * How many lines a request may have on the link of the moment. One that is sent and not answered in time was too much for
 * the link: the next has half its lines. One that took less than a quarter of its time shows that twice as many would do.
 * So a link of a kilobyte per second gets requests that it can carry, and a server that hung for once is not sent
 * small ones for long.
 *
 * <p>Not safe for use by several threads.
 */
final class RequestSize {
    private int limit = UploaderSettings.MOST_LINES;

    /**
     * Lines in the next request at most.
     *
     * @param configured where it ends whatever the link carries
     */
    int lines(int configured) {
        return Math.min(limit, configured);
    }

    /** A request was sent, and not answered in time. */
    void late(int lines) {
        limit = Math.max(1, Math.min(limit, lines) / 2);
    }

    /** A request was answered. */
    void arrived(int lines, Duration took, Duration timeout) {
        if (lines >= limit && took.compareTo(timeout.dividedBy(4)) < 0) {
            limit = Math.min(2 * limit, UploaderSettings.MOST_LINES);
        }
    }
}
