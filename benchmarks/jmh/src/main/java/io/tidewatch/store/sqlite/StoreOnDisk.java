package io.tidewatch.store.sqlite;

import io.tidewatch.api.collector.Metric;
import io.tidewatch.api.collector.Sample;
import io.tidewatch.api.collector.Unit;
import io.tidewatch.api.store.Priority;
import io.tidewatch.api.store.SampleBatch;
import io.tidewatch.api.store.SampleStore;
import io.tidewatch.api.store.StoreException;
import io.tidewatch.store.sqlite.db.Boot;
import io.tidewatch.store.sqlite.db.StoreSettings;
import io.tidewatch.store.sqlite.engine.SqliteStore;
import io.tidewatch.store.sqlite.engine.StoreOpening;
import io.tidewatch.store.sqlite.engine.StorePlace;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneId;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.TreeMap;
import java.util.UUID;
import java.util.stream.Stream;

/**
 * The store in a temporary folder, for a benchmark: its clock is that of the passes, and it commits each batch at once,
 * where the agent waits for others to share the transaction with. In the store's package, since that exports nothing.
 *
 * <p>Not safe for use by several threads.
 */
public final class StoreOnDisk implements AutoCloseable {
    /** When the first pass was. */
    public static final Instant START = Instant.parse("2026-03-01T00:00:00Z");

    /** From one pass to the next. */
    public static final Duration INTERVAL = Duration.ofSeconds(10);

    /** Names and tags as long as those of the collectors. */
    private static final List<Metric> METRICS = List.of(
            Metric.counter("network.rx_bytes_total", Unit.BYTES, "Bytes received", "interface"),
            Metric.gauge("cpu.usage_percent", Unit.PERCENT, "Busy time", "core"),
            Metric.counter("disk.write_bytes_total", Unit.BYTES, "Bytes written", "device"),
            Metric.gauge("thermal.zone_temp", Unit.CELSIUS, "Temperature of a zone", "zone"));

    private static final int VARIANTS = 64;

    private final Path folder;
    private final PassTime clock = new PassTime();
    private final SqliteStore store;
    private final List<List<Sample>> variants = new ArrayList<>(VARIANTS);

    /**
     * Opens an empty store.
     *
     * @param series how many samples a pass has
     */
    public StoreOnDisk(int series) throws IOException, StoreException {
        folder = Files.createTempDirectory("tidewatch-benchmarks");
        StorePlace place = new StorePlace(
                folder.resolve("metrics.db"), Boot.LINUX, Instant.EPOCH, UUID.randomUUID(), new TreeMap<>());
        StoreSettings settings =
                new StoreSettings(Duration.ZERO, Duration.ofSeconds(30), Duration.ofHours(1), 64L << 20);
        store = StoreOpening.open(place, settings, clock);
        Random random = new Random(1);
        for (int i = 0; i < VARIANTS; i++) {
            variants.add(samples(series, random));
        }
    }

    /** The store. */
    public SampleStore store() {
        return store;
    }

    /** The next pass, whose time is the present from now on. */
    public SampleBatch nextPass() {
        clock.passes++;
        // Made before: what is measured is the store, not chance.
        return new SampleBatch(
                clock.instant(),
                "encoder-7",
                new TreeMap<>(Map.of("site", "studio")),
                Priority.NORMAL,
                variants.get(clock.passes % VARIANTS));
    }

    /** The time of the last pass. */
    public Instant now() {
        return clock.instant();
    }

    /** Closes the store and removes it. */
    @Override
    public void close() throws IOException {
        store.close();
        try (Stream<Path> paths = Files.walk(folder)) {
            for (Path path : paths.sorted(Comparator.reverseOrder()).toList()) {
                Files.delete(path);
            }
        }
    }

    private static List<Sample> samples(int series, Random random) {
        List<Sample> samples = new ArrayList<>(series);
        for (int i = 0; i < series; i++) {
            // Half of the values whole, as counters and bytes are, half of them not.
            double value = i % 2 == 0 ? random.nextInt(1 << 30) : random.nextInt(1000) / 10.0;
            samples.add(METRICS.get(i % METRICS.size()).sample(value, "n" + i));
        }
        return samples;
    }

    /** Stands at the time of the last pass. */
    private static final class PassTime extends Clock {
        private int passes;

        @Override
        public Instant instant() {
            return START.plus(INTERVAL.multipliedBy(passes));
        }

        @Override
        public ZoneId getZone() {
            return ZoneId.of("UTC");
        }

        @Override
        public Clock withZone(ZoneId zone) {
            return this;
        }
    }
}
