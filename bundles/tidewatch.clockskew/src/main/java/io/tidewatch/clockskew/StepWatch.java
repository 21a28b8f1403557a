package io.tidewatch.clockskew;

import io.tidewatch.clockskew.TimeSource.Reading;
import java.time.Duration;
import java.time.Instant;
import java.util.OptionalLong;
import org.jspecify.annotations.Nullable;

/**
 * Notices when the clock is set, by comparing it with the monotonic clock at every look. A clock that time synchronisation
 * makes run faster or slower is not set: from one look to the next that adds up to less than the threshold, as long as
 * looks are seconds apart (chronyd slews by up to 8 %).
 *
 * <p>The monotonic clock stands still while the machine is suspended, so that a resume looks like a step: it is told from
 * one by the time since the boot, which goes on. Where the kernel does not tell that time, a resume counts as a step.
 *
 * <p>Not safe for use by several threads.
 */
final class StepWatch {
    /** Set by less, the clock counts as slewed. */
    static final Duration THRESHOLD = Duration.ofSeconds(2);

    private static final int ATTEMPTS = 5;
    private static final long RESOLUTION_NANOS = 500_000_000;

    private final TimeSource source;
    private Reading last;
    private OptionalLong lastAhead;
    private long suspendedNanos;

    StepWatch(TimeSource source) {
        this.source = source;
        last = source.read();
        lastAhead = source.ahead();
    }

    /** The present as of the last look. */
    Instant present() {
        return last.wall();
    }

    /** Monotonic nanoseconds as of the last look, those in which the machine was suspended included. */
    long nanos() {
        return last.nanos() + suspendedNanos;
    }

    /** Whether a clock that is off by so much since the last look stepped. */
    static boolean isStep(Duration size) {
        return size.abs().compareTo(THRESHOLD) > 0;
    }

    /** Looks at the clock; returns by how much it was set since the last look, or null. */
    @Nullable
    Step look() {
        Reading reading = source.read();
        if (isFar(expected(reading), reading.wall())) {
            return confirm();
        }
        last = reading;
        return null;
    }

    /** Was the machine suspended, perhaps just now? */
    private @Nullable Step confirm() {
        OptionalLong ahead = source.ahead();
        Reading reading = source.read();
        for (int i = 0; i < ATTEMPTS && Math.abs(suspended(ahead, source.ahead())) > RESOLUTION_NANOS; i++) {
            ahead = source.ahead();
            reading = source.read();
        }
        long asleep = suspended(lastAhead, ahead);
        Instant expected = expected(reading).plusNanos(asleep);
        boolean known = lastAhead.isPresent() && ahead.isPresent();
        suspendedNanos += asleep;
        last = reading;
        lastAhead = ahead;
        return isFar(expected, reading.wall())
                ? new Step(expected, reading.wall(), !known && expected.isBefore(reading.wall()))
                : null;
    }

    private static long suspended(OptionalLong before, OptionalLong after) {
        return before.isPresent() && after.isPresent() ? after.getAsLong() - before.getAsLong() : 0;
    }

    /** What the clock would say if it had gone on like the monotonic one. */
    private Instant expected(Reading reading) {
        return last.wall().plusNanos(reading.nanos() - last.nanos());
    }

    private static boolean isFar(Instant expected, Instant wall) {
        return isStep(Duration.between(expected, wall));
    }
}
