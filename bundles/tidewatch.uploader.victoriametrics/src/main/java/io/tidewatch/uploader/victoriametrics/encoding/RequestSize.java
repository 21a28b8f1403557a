package io.tidewatch.uploader.victoriametrics.encoding;

import java.time.Duration;
import org.jspecify.annotations.Nullable;

/**
 * How large the body of a request may be on the link of the moment. The first requests are small and measure the link; one
 * that arrived in time lets the next be up to four times as large, as far as the measured rate carries it within 8 seconds,
 * or on a link where that is too little beside the headers, within 20. A server that gives up earlier, as vmauth after 10
 * seconds, is not kept waiting that long. A size that was late once is not tried again for 10 minutes, so that on a slow
 * link not every second request is late.
 *
 * <p>Not safe for use by several threads.
 */
public final class RequestSize {
    /** No request has a larger body. */
    public static final int LARGEST = 256 << 10;

    /** A link of 150 bytes per second carries it within 7 seconds. */
    public static final int FIRST = 1 << 10;

    /** Less would be mostly headers. */
    private static final int SMALLEST = 256;

    private static final int GROWTH = 4;

    /** Of a larger request the headers are less than a tenth. */
    private static final int ENOUGH = 4 << 10;

    private static final Duration AIM = Duration.ofSeconds(8);
    private static final Duration LONGEST_AIM = Duration.ofSeconds(20);

    /** With a shorter timeout all of it is shorter. */
    private static final Duration USUAL_TIMEOUT = Duration.ofSeconds(30);

    /** How much of the time that a server allows for a body is used. */
    private static final double PART = 0.9;

    /** A refusal that comes sooner says nothing about the time that the server allows. */
    private static final Duration SHORTEST_SERVER_WAIT = Duration.ofSeconds(1);

    private static final long MEMORY = Duration.ofMinutes(10).toNanos();

    /** Servers do not change how long they wait as often as links do their rate. */
    private static final long SERVER_MEMORY = Duration.ofHours(1).toNanos();

    private int limit = FIRST;
    private int ceiling = LARGEST;

    /** How long the server waits for a body. */
    private Duration serverWait = USUAL_TIMEOUT;

    /** What the head of the last request that arrived took of its time. */
    private double headSeconds;

    private @Nullable Long learnt;
    private @Nullable Long serverLearnt;

    /** Bytes that the next body may have. A single sample may be larger. */
    public int limit() {
        return limit;
    }

    /**
     * A request did not arrive whole or in time, or was too large.
     *
     * @param bytes of its body
     * @param took until the failure
     * @param waited whether the server itself gave up to wait for the body
     * @param now monotonic nanoseconds
     */
    public void late(int bytes, Duration took, boolean waited, Duration timeout, long now) {
        boolean outlasted = waited && took.compareTo(SHORTEST_SERVER_WAIT) >= 0;
        if (outlasted && took.compareTo(serverWait) < 0) {
            // Its time begins with the body.
            serverWait = took.minusMillis((long) (headSeconds * 1e3));
            serverLearnt = now;
        }
        limit = Math.max(SMALLEST, (int) Math.min(Math.min(bytes, limit) / 2.0, carried(bytes, took, timeout)));
        ceiling = Math.max(SMALLEST, (int) (Math.min(bytes, ceiling) * (outlasted ? PART : 0.75)));
        learnt = now;
    }

    public void reset() {
        limit = FIRST;
        ceiling = LARGEST;
        serverWait = USUAL_TIMEOUT;
        learnt = null;
        serverLearnt = null;
    }

    /**
     * A request was answered.
     *
     * @param bytes of its body
     * @param head bytes of its head, which the link carried as well
     */
    public void arrived(int bytes, int head, Duration took, Duration timeout, long now) {
        if (learnt != null && now - learnt >= MEMORY) {
            ceiling = LARGEST;
            learnt = null;
        }
        if (serverLearnt != null && now - serverLearnt >= SERVER_MEMORY) {
            serverWait = USUAL_TIMEOUT;
            serverLearnt = null;
        }
        headSeconds = seconds(took) * head / (head + bytes);
        double carried = carried(bytes + head, took, timeout);
        if (carried > limit) {
            limit = (int) Math.min(Math.min((double) GROWTH * limit, carried), ceiling);
        } else if (seconds(took) >= aim(LONGEST_AIM, timeout)) {
            // Still in time, and the next may not be.
            limit = Math.max(SMALLEST, (int) Math.max(limit / 2.0, carried));
        }
    }

    /** How many bytes arrive in time at this rate. */
    private double carried(int bytes, Duration took, Duration timeout) {
        double rate = bytes / Math.max(1e-9, seconds(took));
        return Math.max(rate * aim(AIM, timeout), Math.min(rate * aim(LONGEST_AIM, timeout), ENOUGH));
    }

    private double aim(Duration longest, Duration timeout) {
        double part = Math.min(1, seconds(timeout) / seconds(USUAL_TIMEOUT));
        return Math.min(seconds(longest) * part, seconds(serverWait) * PART);
    }

    private static double seconds(Duration duration) {
        return duration.toMillis() / 1e3;
    }
}
