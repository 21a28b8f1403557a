package io.tidewatch.clockskew;

import java.time.Duration;
import java.util.function.LongSupplier;
import org.jspecify.annotations.Nullable;

/**
 * Lets samples wait until the clock has been compared with the server's once: at the start, with another server, and
 * after the clock was set. Only as long as that can take, and not again once the server has answered, whatever it said.
 *
 * <p>Safe for use by several threads.
 */
final class FirstComparison {
    /** A comparison takes two requests at most, of some seconds each. */
    static final Duration LIMIT = Duration.ofSeconds(15);

    /** After a comparison without an answer samples are sent all the same; the next one is due after this time. */
    static final Duration PAUSE = Duration.ofSeconds(5);

    private final LongSupplier nanoTime;
    private final Runnable compare;
    private boolean open;
    private @Nullable Long asked;
    private @Nullable Long ended;

    /**
     * @param nanoTime monotonic nanoseconds
     * @param compare has the clock compared soon, and returns at once
     */
    FirstComparison(LongSupplier nanoTime, Runnable compare) {
        this.nanoTime = nanoTime;
        this.compare = compare;
    }

    /** What was known is not worth anything any more; a comparison is on its way. */
    synchronized void begin() {
        open = true;
        asked = nanoTime.getAsLong();
    }

    synchronized void cancel() {
        open = false;
    }

    /** A comparison ended, with an answer of the server or without. */
    synchronized void ended(boolean answered) {
        open &= !answered;
        asked = null;
        ended = nanoTime.getAsLong();
    }

    /** Whether samples should wait. May ask for a comparison. */
    synchronized boolean isAwaited() {
        if (!open) {
            return false;
        }
        long now = nanoTime.getAsLong();
        if (asked != null) {
            return now - asked < LIMIT.toNanos();
        }
        boolean due = ended == null || now - ended >= PAUSE.toNanos();
        if (due) {
            asked = now;
            compare.run();
        }
        return due;
    }
}
