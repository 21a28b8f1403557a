package io.tidewatch.uploader.victoriametrics.cycle;

import io.tidewatch.uploader.victoriametrics.encoding.RequestSize;
import java.time.Duration;
import java.util.Arrays;

/**
 * How long an answer is waited for before the request counts as stalled and is sent anew. On a radio link requests are lost
 * without any report, and one that is answered at all is answered about as fast as those before it. So the time is five
 * times what the request is expected to take: the delay of three of four of the last 16 answers, and its bytes at the
 * highest rate that was seen; 3 seconds at least, since handovers between cells take seconds.
 *
 * <p>The link may have become slower than that, or the server. So the last request of an attempt gets two fifths of the
 * timeout at least, and after two attempts that had a connection and no answer a single request gets all of it, until the
 * answers are quick again. Before there are four answers a small request gets a third of the timeout, and any other all of
 * it: on a slow link little is sent twice.
 *
 * <p>Not safe for use by several threads.
 */
public final class StallTimeout {
    /** No request counts as stalled before. */
    public static final Duration SHORTEST = Duration.ofSeconds(3);

    private static final int ANSWERS = 16;
    private static final int FEWEST = 4;
    private static final double FACTOR = 5;
    private static final double LAST_PART = 0.4;
    private static final int SLOW = 2;

    /** Of each answer, in seconds, without the time for the bytes of its request. */
    private final double[] delays = new double[ANSWERS];

    private int count;
    private double bytesPerSecond;

    /** Attempts in a row that had a connection and no answer; from the second on the whole timeout is waited for. */
    private int slow;

    /** How long to wait for the answer to the next request of an attempt: for the last, all that is left. */
    public Duration of(int bytes, Duration left, Duration timeout) {
        boolean known = count >= FEWEST;
        if (slow >= SLOW || (!known && bytes > RequestSize.FIRST)) {
            return left;
        }
        double allowed = known ? expected(bytes) : Math.max(seconds(SHORTEST), seconds(timeout) / 3);
        double last = known ? LAST_PART * seconds(timeout) : allowed;
        return seconds(left) - allowed < last ? left : Duration.ofMillis((long) (allowed * 1e3));
    }

    public void answered(int bytes, Duration took) {
        double seconds = Math.max(took.toMillis(), 1) / 1e3;
        slow = count < FEWEST || seconds > expected(bytes) ? slow : 0;
        bytesPerSecond = Math.max(bytesPerSecond, bytes / seconds);
        delays[count % ANSWERS] = seconds - bytes / bytesPerSecond;
        // Counts on modulo the size, so that it never overflows.
        count = count + 1 == 2 * ANSWERS ? ANSWERS : count + 1;
    }

    /** A request stalled; or the link has become slower, if it was a large one. */
    public void stalled(int bytes) {
        if (count >= FEWEST && bytes / bytesPerSecond > usual()) {
            bytesPerSecond /= 2;
        }
    }

    /** An attempt ended without an answer. If its last request had a connection, link or server may only be slow. */
    public void unanswered(boolean connected) {
        slow = connected ? slow + 1 : 0;
    }

    private double expected(int bytes) {
        return Math.max(seconds(SHORTEST), FACTOR * (usual() + bytes / bytesPerSecond));
    }

    /** Three of four answers take less. One that a handover delayed does not count. */
    private double usual() {
        double[] sorted = Arrays.copyOf(delays, Math.min(count, ANSWERS));
        Arrays.sort(sorted);
        return sorted[sorted.length * 3 / 4];
    }

    private static double seconds(Duration duration) {
        return duration.toMillis() / 1e3;
    }
}
