package io.tidewatch.uploader.victoriametrics;

import java.time.Instant;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.Iterator;
import org.jspecify.annotations.Nullable;

/**
 * When the server acknowledged, to about a second: the newest 1000, which is more than the 15 minutes that matter.
 *
 * <p>Not safe for use by several threads.
 */
final class AcknowledgementTimes {
    private static final int MOST = 1000;

    /** In the order they came, which is not always that of time: clocks are set. */
    private final Deque<Instant> times = new ArrayDeque<>();

    void add(Instant time) {
        Instant last = times.peekLast();
        // Of those within a second the newest is kept: an earlier one is at least as safe.
        if (last != null && last.getEpochSecond() == time.getEpochSecond()) {
            times.removeLast();
        }
        if (times.size() == MOST) {
            times.removeFirst();
        }
        times.addLast(time);
    }

    /** The newest, or null. */
    @Nullable
    Instant last() {
        return times.peekLast();
    }

    /** The newest of those not after a time, or null. */
    @Nullable
    Instant lastUntil(Instant time) {
        Iterator<Instant> newestFirst = times.descendingIterator();
        while (newestFirst.hasNext()) {
            Instant candidate = newestFirst.next();
            if (!candidate.isAfter(time)) {
                return candidate;
            }
        }
        return null;
    }
}
