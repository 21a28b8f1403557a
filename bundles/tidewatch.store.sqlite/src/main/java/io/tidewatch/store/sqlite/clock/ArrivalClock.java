package io.tidewatch.store.sqlite.clock;

import io.tidewatch.api.store.SampleBatch;
import io.tidewatch.store.sqlite.db.Boot;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.OptionalLong;

/**
 * When batches arrive, by the clock that they were stamped with: one that was on its way while the clock stepped keeps its
 * time, which is corrected with all the others. Safe for use by several threads.
 */
public final class ArrivalClock {
    private static final long MOST_AHEAD = Duration.ofMinutes(5).toMillis();
    private static final long MOST_BEHIND = Duration.ofHours(1).toMillis();

    private final Clock clock;
    private final Boot boot;
    private long millis;
    private OptionalLong uptime = OptionalLong.empty();

    public ArrivalClock(Clock clock, Boot boot) {
        this.clock = clock;
        this.boot = boot;
        corrected();
    }

    /** The samples from before a step of the clock are on it now. */
    public synchronized void corrected() {
        millis = clock.millis();
        uptime = boot.uptimeMillis();
    }

    /** The present: by the clock, unless the batch is far from that and near to what the clock would show without a step. */
    public Instant of(SampleBatch batch) {
        Instant now = clock.instant();
        if (!isFar(batch, now.toEpochMilli())) {
            return now;
        }
        OptionalLong up = boot.uptimeMillis();
        synchronized (this) {
            if (up.isEmpty() || uptime.isEmpty()) {
                return now;
            }
            long steady = millis + up.getAsLong() - uptime.getAsLong();
            return isFar(batch, steady) ? now : Instant.ofEpochMilli(steady);
        }
    }

    /** The time that a batch is stored under: its own, or the present if that is far from it. */
    public static long timeOf(SampleBatch batch, long now) {
        return isFar(batch, now) ? now : batch.timestamp().toEpochMilli();
    }

    /** Whether no pass can have taken that long: its time was made up, or by another clock. A source may have any time. */
    public static boolean isFar(SampleBatch batch, long now) {
        if (batch.ofSource()) {
            return false;
        }
        long timestamp = batch.timestamp().toEpochMilli();
        return timestamp > now + MOST_AHEAD || timestamp < now - MOST_BEHIND;
    }
}
