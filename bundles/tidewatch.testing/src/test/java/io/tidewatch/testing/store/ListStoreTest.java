package io.tidewatch.testing.store;

import io.tidewatch.api.store.SampleStore;
import java.time.Clock;

class ListStoreTest implements SampleStoreContract {
    @Override
    public SampleStore emptyStore(Clock clock) {
        return new ListStore(clock);
    }
}
