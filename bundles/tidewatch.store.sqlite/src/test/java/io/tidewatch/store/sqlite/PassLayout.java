package io.tidewatch.store.sqlite;

import static io.tidewatch.store.sqlite.db.Schema.DESTINATION;

import io.tidewatch.api.store.Delivery;
import io.tidewatch.api.store.DeliveryOutcome;
import io.tidewatch.api.store.DeliveryQuery;
import io.tidewatch.api.store.SampleBatch;
import io.tidewatch.api.store.SeriesSamples;
import io.tidewatch.api.store.Slice;
import io.tidewatch.api.store.StoreException;
import io.tidewatch.store.sqlite.engine.SqliteStore;
import java.nio.file.Path;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/** The store itself: a log of passes, what is delivered as ranges. */
final class PassLayout implements MeasuredLayout {
    /** Of the uploader: samples in a line, and lines in a chunk. */
    private static final int LINE_SAMPLES = 100;

    private static final int CHUNK_LINES = 50;

    private final Path file;
    private final SettableClock clock;
    private final SqliteStore store;

    PassLayout(Path file, Instant start) throws StoreException {
        this.file = file;
        clock = new SettableClock(start);
        store = TestStores.open(file, clock);
    }

    @Override
    public Path file() {
        return file;
    }

    @Override
    public void append(SampleBatch batch) throws Exception {
        clock.set(batch.timestamp());
        store.append(batch);
    }

    @Override
    public int deliver(int most, Instant now) throws Exception {
        clock.set(now);
        Optional<Delivery> delivery = store.next(DeliveryQuery.everything(DESTINATION, most));
        if (delivery.isEmpty()) {
            return 0;
        }
        store.complete(delivery.get(), accepted(delivery.get(), now));
        return delivery.get().size();
    }

    private static DeliveryOutcome accepted(Delivery delivery, Instant now) {
        List<DeliveryOutcome.Acknowledgement> chunks = new ArrayList<>();
        List<Slice> lines = new ArrayList<>();
        for (SeriesSamples samples : delivery.series()) {
            for (int from = 0; from < samples.size(); from += LINE_SAMPLES) {
                lines.add(new Slice(samples, from, Math.min(samples.size(), from + LINE_SAMPLES)));
                if (lines.size() == CHUNK_LINES) {
                    chunks.add(new DeliveryOutcome.Acknowledgement(chunks.size(), now, lines));
                    lines.clear();
                }
            }
        }
        if (!lines.isEmpty()) {
            chunks.add(new DeliveryOutcome.Acknowledgement(chunks.size(), now, lines));
        }
        return new DeliveryOutcome(chunks, List.of());
    }

    @Override
    public void checkpoint() {
        store.checkpoint();
    }

    @Override
    public void close() {
        store.close();
    }
}
