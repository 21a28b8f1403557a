package io.tidewatch.store.sqlite;

import io.tidewatch.api.store.StoreStatus;
import io.tidewatch.store.sqlite.resilience.FaultTolerantStore;
import java.time.Instant;

/** The metrics of the store itself. As a service it is found by the collector of this bundle. */
interface StorageSelf {
    /** The present as samples are stamped with it. */
    Instant present();

    StoreStatus status();

    FaultTolerantStore.State state();
}
