package io.tidewatch.api.clock;

import io.tidewatch.api.store.StoreException;
import java.time.Instant;
import org.osgi.annotation.versioning.ProviderType;

/** A moment that was read from the clock of samples. When their times are corrected, it moves along. Safe for any thread. */
@ProviderType
public interface Stamp {
    /**
     * Puts something that carries a moment into the store.
     *
     * @param <R> what the store says to it
     */
    @FunctionalInterface
    interface Storing<R> {
        /** Stores it under this moment. */
        R at(Instant time) throws StoreException, InterruptedException;
    }

    /** Returns the moment with all corrections that were made since it was read. */
    Instant time();

    /**
     * Stores under this moment, so that a concurrent correction moves it once: either the moment is moved before, or the
     * store moves it afterwards with all others. Waits while the store does that.
     *
     * @throws StoreException as thrown by {@code storing}
     * @throws InterruptedException if the caller is interrupted while it waits, or as thrown by {@code storing}
     */
    <R> R store(Storing<R> storing) throws StoreException, InterruptedException;
}
