package io.tidewatch.store.sqlite;

import io.tidewatch.api.collector.Sample;
import io.tidewatch.api.store.Priority;
import io.tidewatch.api.store.SampleBatch;
import io.tidewatch.api.store.StoreException;
import io.tidewatch.store.sqlite.db.Boot;
import io.tidewatch.store.sqlite.db.StoreSettings;
import io.tidewatch.store.sqlite.engine.SqliteStore;
import io.tidewatch.store.sqlite.engine.StoreOpening;
import io.tidewatch.store.sqlite.engine.StorePlace;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.TreeMap;
import java.util.UUID;

/** A database as the agent writes it, for tests of what reads it. */
public final class WrittenDatabase implements AutoCloseable {
    private static final StoreSettings SETTINGS =
            new StoreSettings(Duration.ZERO, Duration.ofDays(1), Duration.ofDays(1), 64L << 20);

    private final SqliteStore store;

    /** Opens or makes one. */
    public WrittenDatabase(Path file, Clock clock) throws StoreException {
        Boot boot = new Boot(file.resolveSibling("boot_id"), file.resolveSibling("uptime"));
        StorePlace place = new StorePlace(file, boot, Instant.EPOCH, UUID.randomUUID(), new TreeMap<>());
        store = StoreOpening.open(place, SETTINGS, clock);
    }

    /** Stores a pass. */
    public void append(Instant time, Sample... samples) throws Exception {
        store.append(new SampleBatch(time, "rig-2", new TreeMap<>(), Priority.NORMAL, List.of(samples)));
    }

    @Override
    public void close() {
        store.close();
    }
}
