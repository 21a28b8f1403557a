package io.tidewatch.store.sqlite;

import io.tidewatch.api.collector.Metric;
import io.tidewatch.api.collector.Sample;
import io.tidewatch.api.collector.Unit;
import io.tidewatch.api.store.Delivery;
import io.tidewatch.api.store.DeliveryQuery;
import io.tidewatch.api.store.Priority;
import io.tidewatch.api.store.SampleBatch;
import io.tidewatch.api.store.Settlement;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneId;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Random;
import java.util.TreeMap;
import java.util.stream.Stream;

/** Measures speed and what reaches the disk; run by hand, with a folder on the disk in question as argument. */
final class StoreBenchmark {
    private static final Instant START = Instant.parse("2026-03-01T00:00:00Z");
    private static final Metric METRIC = Metric.gauge("bench.value_percent", Unit.PERCENT, "A value", "n");

    /** A clock that goes with the samples. */
    private static final class SimulatedClock extends Clock {
        private Instant now = START;

        @Override
        public Instant instant() {
            return now;
        }

        @Override
        public ZoneId getZone() {
            return ZoneOffset.UTC;
        }

        @Override
        public Clock withZone(ZoneId zone) {
            return this;
        }
    }

    private StoreBenchmark() {}

    public static void main(String[] arguments) throws Exception {
        Path folder = Files.createTempDirectory(Path.of(arguments[0]), "bench");
        try {
            speed(folder.resolve("speed.db"), 60, 1_000_000);
            day(folder.resolve("day.db"), 100, Duration.ofSeconds(10), Duration.ofSeconds(30));
        } finally {
            try (Stream<Path> files = Files.list(folder)) {
                for (Path file : files.toList()) {
                    Files.delete(file);
                }
            }
            Files.delete(folder);
        }
    }

    private static void speed(Path file, int series, int samples) throws Exception {
        SimulatedClock clock = new SimulatedClock();
        try (SqliteStore store = TestStores.open(file, clock)) {
            Random random = new Random(1);
            long begin = System.nanoTime();
            for (int i = 0; i < samples / series; i++) {
                clock.now = START.plusSeconds(10L * i);
                store.append(pass(clock.now, series, random));
            }
            report("append, batches of " + series, samples, begin);
        }
        long begin = System.nanoTime();
        SqliteStore store = TestStores.open(file, clock);
        report("open and count what is pending", samples, begin);
        try (store) {
            for (int chunk : new int[] {2_500, 5_000}) {
                begin = System.nanoTime();
                long drained = 0;
                Optional<Delivery> delivery = store.next(DeliveryQuery.everything(chunk));
                while (delivery.isPresent() && drained < samples / 2) {
                    drained += delivery.get().size();
                    store.settle(delivery.get(), Settlement.accepted(delivery.get(), START));
                    delivery = store.next(DeliveryQuery.everything(chunk));
                }
                report("next and settle, deliveries of " + chunk, drained, begin);
            }
        }
    }

    private static void day(Path file, int series, Duration interval, Duration upload) throws Exception {
        SimulatedClock clock = new SimulatedClock();
        Path wal = file.resolveSibling(file.getFileName() + "-wal");
        long written = 0;
        long samples = 0;
        Random random = new Random(1);
        SqliteStore store = TestStores.open(file, clock);
        long empty = Files.size(file);
        long walBefore = Files.size(wal);
        for (Duration time = Duration.ZERO; time.toHours() < 24; time = time.plus(interval)) {
            clock.now = START.plus(time);
            store.append(pass(clock.now, series, random));
            samples += series;
            if (time.toSeconds() % upload.toSeconds() == 0) {
                Delivery delivery = store.next(DeliveryQuery.everything(2_500)).orElseThrow();
                store.settle(delivery, Settlement.accepted(delivery, clock.now));
            }
            if (time.toSeconds() % 3600 == 3590) {
                written += Files.size(wal) - walBefore;
                store.checkpoint();
                walBefore = Files.size(wal);
            }
        }
        store.close();
        print("%d series every %s, settled every %s, a day: %.1f bytes of file and %.1f bytes of log per sample%n"
                .formatted(
                        series,
                        interval,
                        upload,
                        (Files.size(file) - empty) / (double) samples,
                        written / (double) samples));
    }

    private static SampleBatch pass(Instant time, int series, Random random) {
        List<Sample> samples = new ArrayList<>(series);
        for (int i = 0; i < series; i++) {
            // Half of the values whole, as counters and bytes are, half of them not.
            double value = i % 2 == 0 ? random.nextInt(1 << 30) : random.nextDouble() * 100;
            samples.add(METRIC.sample(value, Integer.toString(i)));
        }
        return new SampleBatch(time, "bench", new TreeMap<>(), Priority.NORMAL, samples);
    }

    private static void report(String what, long samples, long begin) {
        double seconds = (System.nanoTime() - begin) / 1e9;
        print("%s: %,.0f samples/s (%.2f s)%n".formatted(what, samples / seconds, seconds));
    }

    private static void print(String line) {
        System.out.print(line);
    }
}
