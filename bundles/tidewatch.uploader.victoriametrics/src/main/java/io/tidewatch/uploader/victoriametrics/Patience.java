package io.tidewatch.uploader.victoriametrics;

import java.time.Duration;
import java.util.Arrays;

/**
 * How long a request is waited for before it is taken for stalled and sent anew. On a radio link requests are lost without
 * a word, and one that is answered at all is answered about as fast as those before it. So the time allowed is five times
 * what the request is expected to take: as long as three of four of the last 16 answers, and its bytes at the highest rate
 * that was seen. It is 3 seconds at least, since handovers between cells take seconds. Before there are four answers it is a third of
 * the timeout for a small request, once, and else the whole: on a slow link little is sent in vain.
 *
 * <p>Not safe for use by several threads.
 */
final class Patience {
    /** No request is taken for stalled before. */
    static final Duration SHORTEST = Duration.ofSeconds(3);

    private static final int ANSWERS = 16;
    private static final int FEWEST = 4;
    private static final double FACTOR = 5;

    /** Of each answer, in seconds, without the time for the bytes of its request. */
    private final double[] delays = new double[ANSWERS];

    private int count;
    private double bytesPerSecond;

    /** Whether a request stalled before the link was known. */
    private boolean tried;

    /** How long a request of this size may take, up to the timeout. */
    Duration of(int bytes, Duration timeout) {
        double limit = timeout.toMillis() / 1e3;
        double seconds = count < FEWEST
                ? bytes <= RequestSize.FIRST && !tried ? limit / 3 : limit
                : FACTOR * (usual() + bytes / bytesPerSecond);
        double allowed = Math.max(SHORTEST.toMillis() / 1e3, seconds);
        return allowed < limit ? Duration.ofMillis((long) (allowed * 1e3)) : timeout;
    }

    /** A request was answered. */
    void answered(int bytes, Duration took) {
        double seconds = Math.max(took.toMillis(), 1) / 1e3;
        bytesPerSecond = Math.max(bytesPerSecond, bytes / seconds);
        delays[count % ANSWERS] = seconds - bytes / bytesPerSecond;
        tried = false;
        // Counts on modulo the size, so that it never overflows.
        count = count + 1 == 2 * ANSWERS ? ANSWERS : count + 1;
    }

    /** A request stalled; or the link has become slower, if it was a large one. */
    void stalled(int bytes) {
        tried = true;
        if (count >= FEWEST && bytes / bytesPerSecond > usual()) {
            bytesPerSecond /= 2;
        }
    }

    /** The server accepted connections and did not answer within the whole timeout: it may have become slow. */
    void forget() {
        count = 0;
        bytesPerSecond = 0;
    }

    /** Three of four answers take less. One that a handover delayed does not count. */
    private double usual() {
        double[] sorted = Arrays.copyOf(delays, Math.min(count, ANSWERS));
        Arrays.sort(sorted);
        return sorted[sorted.length * 3 / 4];
    }
}
