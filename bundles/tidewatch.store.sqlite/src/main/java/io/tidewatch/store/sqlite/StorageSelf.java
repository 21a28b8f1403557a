package io.tidewatch.store.sqlite;

import io.tidewatch.api.store.StoreStatus;

/** What the store tells of itself. As a service it is found by the collector of this bundle. */
interface StorageSelf {
    /** The store in figures. */
    StoreStatus status();

    /** How it fares. */
    FaultTolerantStore.State state();
}
