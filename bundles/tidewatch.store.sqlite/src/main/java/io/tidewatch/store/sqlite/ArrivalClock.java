package io.tidewatch.store.sqlite;

import io.tidewatch.api.store.SampleBatch;
import java.time.Clock;
import java.time.Instant;
import java.util.OptionalLong;

/**
 * When batches arrive, by the clock that they were stamped with: one that was on its way while the clock stepped keeps its
 * time, which is corrected with all the others. Safe for use by several threads.
 */
final class ArrivalClock {
    private final Clock clock;
    private final Boot boot;
    private long millis;
    private OptionalLong uptime = OptionalLong.empty();

    ArrivalClock(Clock clock, Boot boot) {
        this.clock = clock;
        this.boot = boot;
        corrected();
    }

    /** The samples from before a step of the clock are on it now. */
    synchronized void corrected() {
        millis = clock.millis();
        uptime = boot.uptimeMillis();
    }

    /** The present: by the clock, unless the batch is far from that and near to what the clock would show without a step. */
    Instant of(SampleBatch batch) {
        Instant now = clock.instant();
        if (!Intake.isFar(batch, now.toEpochMilli())) {
            return now;
        }
        OptionalLong up = boot.uptimeMillis();
        synchronized (this) {
            if (up.isEmpty() || uptime.isEmpty()) {
                return now;
            }
            long steady = millis + up.getAsLong() - uptime.getAsLong();
            return Intake.isFar(batch, steady) ? now : Instant.ofEpochMilli(steady);
        }
    }
}
