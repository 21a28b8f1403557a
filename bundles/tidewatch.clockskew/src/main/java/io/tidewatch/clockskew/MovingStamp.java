package io.tidewatch.clockskew;

import io.tidewatch.api.clock.Stamp;
import io.tidewatch.api.store.StoreException;
import java.time.Duration;
import java.time.Instant;
import java.util.function.Supplier;

/**
 * A time that moves along with the corrections made since it was read. Safe for use by several threads.
 *
 * @param read the time when it was read
 * @param corrected the sum of all corrections up to then
 * @param corrections the sum of all corrections up to now
 */
record MovingStamp(Instant read, Duration corrected, Supplier<Duration> corrections, StoreGate gate) implements Stamp {
    @Override
    public Instant time() {
        return read.plus(corrections.get()).minus(corrected);
    }

    @Override
    public <R> R store(Storing<R> storing) throws StoreException, InterruptedException {
        return gate.pass(this::time, storing);
    }
}
