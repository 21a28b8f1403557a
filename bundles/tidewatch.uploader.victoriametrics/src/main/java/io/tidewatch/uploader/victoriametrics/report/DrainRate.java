package io.tidewatch.uploader.victoriametrics.report;

import java.time.Duration;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.Optional;
import java.util.OptionalDouble;

/**
 * How fast what is pending gets less, over the last two minutes; on a link so slow that a request takes longer, over the
 * last two requests.
 *
 * <p>Not safe for use by several threads.
 */
final class DrainRate {
    private static final long WINDOW = Duration.ofMinutes(2).toNanos();
    private static final long LONGEST_SILENCE = Duration.ofMinutes(10).toNanos();
    private static final long STEP = Duration.ofSeconds(2).toNanos();

    private record Point(long nanos, long uploaded, long pending) {}

    /** At most one in two seconds. */
    private final Deque<Point> points = new ArrayDeque<>();

    /** So many samples were uploaded since the start, and so many are pending. */
    void add(long now, long uploaded, long pending) {
        forget(now);
        Point point = new Point(now, uploaded, pending);
        Point last = points.pollLast();
        Point before = points.peekLast();
        // The newest always counts; of those behind it, one in two seconds.
        if (last != null && (before == null || last.nanos - before.nanos >= STEP)) {
            points.addLast(last);
        }
        points.addLast(point);
    }

    /** Samples uploaded per second; empty if nothing was for ten minutes, or only once. */
    OptionalDouble uploadedPerSecond(long now) {
        forget(now);
        if (points.size() < 2) {
            return OptionalDouble.empty();
        }
        Point first = points.getFirst();
        Point last = points.getLast();
        return OptionalDouble.of((last.uploaded - first.uploaded) * 1e9 / (last.nanos - first.nanos));
    }

    /**
     * How long it takes until nothing is pending, if it goes on like this with what comes in meanwhile; empty if it does
     * not get less.
     */
    Optional<Duration> untilDrained(long now, long pending) {
        forget(now);
        if (points.size() < 2 || pending == 0) {
            return Optional.empty();
        }
        Point first = points.getFirst();
        Point last = points.getLast();
        double perNano = (first.pending - last.pending) / (double) (last.nanos - first.nanos);
        return perNano <= 0
                ? Optional.empty()
                : Optional.of(Duration.ofNanos((long) Math.min(pending / perNano, (double) Long.MAX_VALUE)));
    }

    private void forget(long now) {
        while (points.size() > 2 && now - points.getFirst().nanos > WINDOW) {
            points.removeFirst();
        }
        if (!points.isEmpty() && now - points.getLast().nanos > LONGEST_SILENCE) {
            points.clear();
        }
    }
}
