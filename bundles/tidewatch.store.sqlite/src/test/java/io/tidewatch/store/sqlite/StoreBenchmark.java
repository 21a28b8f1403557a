package io.tidewatch.store.sqlite;

import io.tidewatch.api.collector.Metric;
import io.tidewatch.api.collector.Sample;
import io.tidewatch.api.collector.Unit;
import io.tidewatch.api.store.Priority;
import io.tidewatch.api.store.SampleBatch;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Random;
import java.util.TreeMap;
import java.util.stream.Stream;

/**
 * Measures the rates of appends and deliveries, and the bytes that reach the disk, of the store and of a row per sample.
 * {@code ./bench store} runs it, with a folder on the disk to measure and the millions of pending samples.
 */
final class StoreBenchmark {
    private static final Instant START = Instant.parse("2026-03-01T00:00:00Z");
    private static final Duration INTERVAL = Duration.ofSeconds(10);
    private static final Duration DELIVERY = Duration.ofSeconds(30);
    private static final int BATCH = 2500;
    private static final int CHECKPOINT_PASSES = 1000;

    /** Names and tags as long as those of the collectors. */
    private static final List<Metric> METRICS = List.of(
            Metric.counter("network.rx_bytes_total", Unit.BYTES, "Bytes received", "interface"),
            Metric.gauge("cpu.usage_percent", Unit.PERCENT, "Busy time", "core"),
            Metric.counter("disk.write_bytes_total", Unit.BYTES, "Bytes written", "device"),
            Metric.gauge("thermal.zone_temp", Unit.CELSIUS, "Temperature of a zone", "zone"));

    private interface Opening {
        MeasuredLayout open(Path file) throws Exception;
    }

    private static final Opening PASSES = file -> new PassLayout(file, START);

    /** What is kept. */
    private enum Values {
        /** Half of them counters and bytes, the others with two or six decimals. */
        AS_COLLECTORS_GIVE_THEM("passes"),
        /** Half of them counters and bytes, the others with all digits that a number can have. */
        OF_FULL_PRECISION("passes, full precision");

        final String layout;

        Values(String layout) {
            this.layout = layout;
        }

        double next(int series, Random random) {
            if (series % 2 == 0) {
                return random.nextInt(1 << 30);
            }
            if (this == OF_FULL_PRECISION) {
                return random.nextDouble() * 100;
            }
            return series % 4 == 1 ? random.nextInt(10_000) / 100.0 : random.nextInt(100_000_000) / 1e6;
        }
    }

    private final Path folder;
    private Values values = Values.AS_COLLECTORS_GIVE_THEM;

    private StoreBenchmark(Path folder) {
        this.folder = folder;
    }

    public static void main(String[] arguments) throws Exception {
        Path folder = Files.createTempDirectory(Path.of(arguments[0]).toAbsolutePath(), "bench");
        long millions = arguments.length > 1 ? Long.parseLong(arguments[1]) : 5;
        StoreBenchmark benchmark = new StoreBenchmark(folder);
        try {
            print(
                    "| layout | series | samples | appended per s | per s of processor time | file, bytes per sample"
                            + " | delivered by %1$,d per s | per s of processor time | by %2$,d per s | per s of processor time |%n"
                            + "|---|---|---|---|---|---|---|---|---|---|%n",
                    BATCH, 2 * BATCH);
            for (Values values : Values.values()) {
                benchmark.values = values;
                benchmark.speed(values.layout, PASSES, 300, millions * 1_000_000, millions * 1_000_000);
                benchmark.speed(values.layout, PASSES, 60, 1_000_000, 1_000_000);
            }
            benchmark.speed("rows", RowLayout::new, 300, 300_000, 100_000);
            print("%n| layout | series | hours | file, bytes per sample | log | checkpoints | together | kernel |%n"
                    + "|---|---|---|---|---|---|---|---|%n");
            for (Values values : Values.values()) {
                benchmark.values = values;
                benchmark.writes(values.layout, PASSES, 60, Duration.ofDays(1));
                benchmark.writes(values.layout, PASSES, 300, Duration.ofDays(1));
            }
            benchmark.writes("rows", RowLayout::new, 60, Duration.ofHours(6));
            benchmark.writes("rows", RowLayout::new, 300, Duration.ofHours(2));
        } finally {
            benchmark.clear();
            Files.delete(folder);
        }
    }

    private void speed(String name, Opening opening, int series, long samples, long drain) throws Exception {
        Random random = new Random(1);
        Path file = folder.resolve("speed.db");
        long passes = samples / series;
        Instant end = START.plus(INTERVAL.multipliedBy(passes));
        try (MeasuredLayout layout = opening.open(file)) {
            Stopwatch appending = new Stopwatch();
            for (long i = 0; i < passes; i++) {
                SampleBatch pass = pass(START.plus(INTERVAL.multipliedBy(i)), series, random);
                appending.start();
                layout.append(pass);
                // The store does so by itself when its log passes 64 MB.
                if (i % CHECKPOINT_PASSES == CHECKPOINT_PASSES - 1) {
                    layout.checkpoint();
                }
                appending.stop();
            }
            layout.checkpoint();
            print(
                    "| %s | %d | %,d | %s | %.1f",
                    name,
                    series,
                    samples,
                    appending.rates(passes * series),
                    Files.size(file) / (double) (passes * series));
            for (int most : new int[] {BATCH, 2 * BATCH}) {
                Stopwatch delivering = new Stopwatch();
                long drained = 0;
                int delivered;
                delivering.start();
                do {
                    delivered = layout.deliver(most, end);
                    drained += delivered;
                } while (delivered > 0 && drained < drain / 2);
                delivering.stop();
                print(" | %s", delivering.rates(drained));
            }
            print(" |%n");
        }
        clear();
    }

    private void writes(String name, Opening opening, int series, Duration length) throws Exception {
        Random random = new Random(1);
        Path file = folder.resolve("writes.db");
        long samples = 0;
        try (MeasuredLayout layout = opening.open(file)) {
            layout.checkpoint();
            long empty = Files.size(file);
            Medium medium = new Medium(layout);
            for (Duration time = Duration.ZERO; time.compareTo(length) < 0; time = time.plus(INTERVAL)) {
                Instant now = START.plus(time);
                layout.append(pass(now, series, random));
                samples += series;
                if (time.toSeconds() % DELIVERY.toSeconds() == 0) {
                    layout.deliver(BATCH, now.plusSeconds(1));
                    medium.sync();
                }
                if (time.toSeconds() % 3600 == 3590) {
                    medium.checkpoint();
                }
            }
            print(
                    "| %s | %d | %d | %.1f | %.0f | %.0f | %.0f | %.0f |%n",
                    name,
                    series,
                    length.toHours(),
                    (Files.size(file) - empty) / (double) samples,
                    medium.logBytes() / (double) samples,
                    medium.pageBytes() / (double) samples,
                    (medium.logBytes() + medium.pageBytes()) / (double) samples,
                    medium.kernelBytes() / (double) samples);
        }
        clear();
    }

    private SampleBatch pass(Instant time, int series, Random random) {
        List<Sample> samples = new ArrayList<>(series);
        for (int i = 0; i < series; i++) {
            samples.add(METRICS.get(i % METRICS.size()).sample(values.next(i, random), "n" + i));
        }
        return new SampleBatch(time, "encoder-7", new TreeMap<>(Map.of("site", "studio")), Priority.NORMAL, samples);
    }

    private void clear() throws IOException {
        try (Stream<Path> files = Files.list(folder)) {
            for (Path file : files.toList()) {
                Files.delete(file);
            }
        }
    }

    private static void print(String format, Object... values) {
        System.out.print(String.format(Locale.ROOT, format, values));
    }
}
