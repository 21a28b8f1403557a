package io.tidewatch.scheduler;

import io.tidewatch.api.store.AppendResult;
import io.tidewatch.api.store.Delivery;
import io.tidewatch.api.store.DeliveryOutcome;
import io.tidewatch.api.store.DeliveryQuery;
import io.tidewatch.api.store.SampleBatch;
import io.tidewatch.api.store.SampleStore;
import io.tidewatch.api.store.StoreException;
import io.tidewatch.api.store.StoreStatus;
import java.time.Duration;
import java.time.Instant;
import java.util.Optional;

/** A store that does in append what a test wants, and nothing else. */
record ForwardingStore(Append appending) implements SampleStore {
    interface Append {
        AppendResult append(SampleBatch batch) throws StoreException, InterruptedException;
    }

    @Override
    public AppendResult append(SampleBatch batch) throws StoreException, InterruptedException {
        return appending.append(batch);
    }

    @Override
    public Optional<Delivery> next(DeliveryQuery query) {
        throw new UnsupportedOperationException();
    }

    @Override
    public void complete(Delivery delivery, DeliveryOutcome outcome) {
        throw new UnsupportedOperationException();
    }

    @Override
    public long resend(String destination, Instant acknowledgedSince) {
        throw new UnsupportedOperationException();
    }

    @Override
    public long shift(Instant from, Instant until, Duration step) {
        throw new UnsupportedOperationException();
    }

    @Override
    public long clockSet(Instant until, Duration step) {
        throw new UnsupportedOperationException();
    }

    @Override
    public Optional<String> note(String key) {
        throw new UnsupportedOperationException();
    }

    @Override
    public void note(String key, String value) {
        throw new UnsupportedOperationException();
    }

    @Override
    public StoreStatus status() {
        throw new UnsupportedOperationException();
    }
}
