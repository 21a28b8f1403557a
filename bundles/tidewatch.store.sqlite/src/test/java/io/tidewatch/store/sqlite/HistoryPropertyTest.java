package io.tidewatch.store.sqlite;

import static io.tidewatch.store.sqlite.db.Schema.DESTINATION;
import static org.assertj.core.api.Assertions.assertThat;

import io.tidewatch.api.collector.Kind;
import io.tidewatch.api.collector.Metric;
import io.tidewatch.api.collector.Sample;
import io.tidewatch.api.collector.Unit;
import io.tidewatch.api.store.Delivery;
import io.tidewatch.api.store.DeliveryOutcome;
import io.tidewatch.api.store.DeliveryQuery;
import io.tidewatch.api.store.HistoryQuery;
import io.tidewatch.api.store.Priority;
import io.tidewatch.api.store.SampleBatch;
import io.tidewatch.api.store.SampleStore;
import io.tidewatch.api.store.SeriesRun;
import io.tidewatch.api.store.SeriesSamples;
import io.tidewatch.api.store.Slice;
import io.tidewatch.store.sqlite.engine.SqliteStore;
import io.tidewatch.store.sqlite.history.HistoryReader;
import io.tidewatch.store.sqlite.history.ReadOnlyDatabase;
import io.tidewatch.store.sqlite.history.SampleScan;
import io.tidewatch.store.sqlite.history.SeriesCatalogue;
import io.tidewatch.store.sqlite.history.StoredSample;
import io.tidewatch.testing.store.ListStore;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Random;
import java.util.TreeMap;
import java.util.stream.Stream;
import net.jqwik.api.EdgeCasesMode;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;

/** Whatever is asked of the history, it says what a plain list says; so does what is pending for an export. */
class HistoryPropertyTest {
    private static final Instant NOW = Instant.parse("2026-03-01T12:00:00Z");
    private static final int INSTANTS = 30;
    private static final Metric[] METRICS = {
        Metric.gauge("a.one", Unit.NONE, "One", "n"),
        Metric.counter("a.two_total", Unit.NONE, "Two", "n", "m"),
        Metric.text("a.three", "Three", "n"),
    };

    @Property(tries = 60, edgeCases = EdgeCasesMode.NONE)
    void saysWhatAListSays(@ForAll long seed) throws Exception {
        Random random = new Random(seed);
        ListStore list = new ListStore(Clock.fixed(NOW, ZoneOffset.UTC));
        Path folder = Files.createTempDirectory("tidewatch-history");
        Path file = folder.resolve("metrics.db");
        try (SqliteStore store = TestStores.open(file, Clock.fixed(NOW, ZoneOffset.UTC))) {
            fill(random, store, list);
            for (int i = 0; i < 10; i++) {
                compare(random, file, list);
                compareSteps(random, file, list);
            }
            comparePending(random, file, list);
        }
        // At rest, the file is read in another way.
        compare(random, file, list);
        compareSteps(random, file, list);
        comparePending(random, file, list);
        try (Stream<Path> left = Files.list(folder)) {
            assertThat(left.map(path -> path.getFileName().toString())).doesNotContain("metrics.db-shm");
        }
        delete(folder);
    }

    private static void fill(Random random, SampleStore store, ListStore list) throws Exception {
        for (int i = random.nextInt(60); i >= 0; i--) {
            List<Sample> samples = new ArrayList<>();
            for (int n = random.nextInt(5); n > 0; n--) {
                Metric metric = METRICS[random.nextInt(METRICS.length)];
                String tag = "n" + random.nextInt(3);
                double value = random.nextInt(100) / 7.0;
                samples.add(
                        switch (metric.name()) {
                            case "a.one" -> metric.sample(value, tag);
                            case "a.two_total" -> metric.sample(value, tag, random.nextBoolean() ? "x" : "y");
                            default -> metric.sample("text " + value, tag);
                        });
            }
            SampleBatch batch = new SampleBatch(
                    NOW.plusMillis(random.nextInt(INSTANTS)),
                    "rig",
                    new TreeMap<>(),
                    Priority.ofLevel(random.nextInt(4)),
                    samples);
            store.append(batch);
            list.append(batch);
            if (random.nextInt(8) == 0) {
                deliver(random, store, list);
            }
        }
    }

    private static void deliver(Random random, SampleStore store, ListStore list) throws Exception {
        DeliveryQuery query = DeliveryQuery.everything(DESTINATION, 1 + random.nextInt(40));
        Optional<Delivery> delivery = store.next(query);
        Optional<Delivery> listed = list.next(query);
        if (delivery.isPresent() && listed.isPresent()) {
            int accepted = random.nextInt(10);
            store.complete(delivery.get(), outcome(delivery.get(), accepted));
            list.complete(listed.get(), outcome(listed.get(), accepted));
        }
    }

    /** The same for both, whatever the order of their series. */
    private static DeliveryOutcome outcome(Delivery delivery, int tenths) {
        List<Slice> accepted = new ArrayList<>();
        for (SeriesSamples samples : delivery.series()) {
            for (int i = 0; i < samples.size(); i++) {
                if ((samples.timestamp(i) + samples.series().name().length()) % 10 < tenths) {
                    accepted.add(new Slice(samples, i, i + 1));
                }
            }
        }
        return new DeliveryOutcome(List.of(new DeliveryOutcome.Acknowledgement(0, NOW, accepted)), List.of());
    }

    private static void compare(Random random, Path file, ListStore list) throws Exception {
        HistoryQuery query = query(random);
        boolean forward = query.order() == HistoryQuery.Order.OLDEST_FIRST;
        List<Point> expected = new ArrayList<>();
        for (ListStore.Entry entry : list.entries()) {
            Instant time = Instant.ofEpochMilli(entry.timestamp());
            if (query.wants(entry.series()) && !time.isBefore(query.from()) && time.isBefore(query.until())) {
                expected.add(Point.of(entry));
            }
        }

        List<Point> found = new ArrayList<>();
        Map<String, Long> last = new HashMap<>();
        new HistoryReader(file, 1 + random.nextInt(40)).read(query, any -> true, run -> {
            for (int i = 0; i < run.size(); i++) {
                Point point = Point.of(run, i);
                Long before = last.put(point.series(), point.time());
                assertThat(before == null || (forward ? before < point.time() : before > point.time()))
                        .as("order of %s in %s", point.series(), query)
                        .isTrue();
                found.add(point);
            }
            return true;
        });

        assertThat(found).as("%s", query).doesNotHaveDuplicates().isSubsetOf(expected);
        // Which of several series of one millisecond come within the limit is not promised; how many do is.
        assertThat(found.stream().map(Point::time).sorted())
                .as("%s", query)
                .containsExactlyElementsOf(expected.stream()
                        .map(Point::time)
                        .sorted((a, b) -> forward ? Long.compare(a, b) : Long.compare(b, a))
                        .limit(query.limit())
                        .sorted()
                        .toList());
    }

    private static void compareSteps(Random random, Path file, ListStore list) throws Exception {
        HistoryQuery query = query(random);
        query = HistoryQuery.between(query.from(), query.until())
                .with(query.tags())
                .newestOfEach(Duration.ofMillis(1 + random.nextInt(INSTANTS)));
        Map<List<Object>, Point> newest = new HashMap<>();
        for (ListStore.Entry entry : list.entries()) {
            Instant time = Instant.ofEpochMilli(entry.timestamp());
            if (query.wants(entry.series()) && !time.isBefore(query.from()) && time.isBefore(query.until())) {
                Point point = Point.of(entry);
                long step = Duration.between(query.from(), time).toMillis()
                        / query.step().toMillis();
                newest.merge(List.of(point.series(), step), point, (a, b) -> a.time() > b.time() ? a : b);
            }
        }

        List<Point> found = new ArrayList<>();
        new HistoryReader(file, 1 + random.nextInt(40)).read(query, any -> true, run -> {
            for (int i = 0; i < run.size(); i++) {
                found.add(Point.of(run, i));
            }
            if (random.nextInt(4) == 0) {
                // As by an agent that starts: the next page is read again.
                touch(file, random.nextInt(1000));
            }
            return true;
        });
        assertThat(found).as("%s", query).containsExactlyInAnyOrderElementsOf(newest.values());
    }

    private static void touch(Path file, int millis) {
        try {
            Files.setLastModifiedTime(file, FileTime.from(NOW.plusMillis(millis)));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static void comparePending(Random random, Path file, ListStore list) throws Exception {
        List<Point> found = new ArrayList<>();
        try (ReadOnlyDatabase database = ReadOnlyDatabase.open(file)) {
            SeriesCatalogue series = SeriesCatalogue.read(database, any -> true);
            SampleScan scan = new SampleScan(
                    database, series, 0, Long.MAX_VALUE, random.nextBoolean(), 0, true, 1 + random.nextInt(20));
            for (List<StoredSample> page = scan.next(); page != null; page = scan.next()) {
                for (SeriesRun run : StoredSample.bySeries(page)) {
                    for (int i = 0; i < run.size(); i++) {
                        found.add(Point.of(run, i));
                    }
                }
            }
        }
        assertThat(found)
                .containsExactlyInAnyOrderElementsOf(
                        list.pending().stream().map(Point::of).toList());
    }

    private static HistoryQuery query(Random random) {
        Map<String, String> tags = new HashMap<>();
        if (random.nextBoolean()) {
            tags.put("n", "n" + random.nextInt(4));
        }
        if (random.nextInt(4) == 0) {
            tags.put("m", "x");
        }
        return new HistoryQuery(
                random.nextBoolean() ? Optional.empty() : Optional.of(METRICS[random.nextInt(METRICS.length)].name()),
                tags,
                random.nextBoolean() ? DeliveryQuery.BEGINNING : NOW.plusNanos(random.nextInt(INSTANTS * 1_000_000)),
                random.nextBoolean() ? DeliveryQuery.END : NOW.plusNanos(random.nextInt(INSTANTS * 1_000_000)),
                random.nextBoolean() ? HistoryQuery.Order.OLDEST_FIRST : HistoryQuery.Order.NEWEST_FIRST,
                random.nextBoolean() ? Long.MAX_VALUE : 1 + random.nextInt(30));
    }

    private static void delete(Path folder) throws Exception {
        try (Stream<Path> files = Files.list(folder)) {
            for (Path file : files.toList()) {
                Files.delete(file);
            }
        }
        Files.delete(folder);
    }

    private record Point(String series, long time, String value) {
        static Point of(ListStore.Entry entry) {
            return new Point(
                    entry.series().name() + entry.series().tags(),
                    entry.timestamp(),
                    entry.text() == null ? String.valueOf(entry.value()) : entry.text());
        }

        static Point of(SeriesRun run, int index) {
            return new Point(
                    run.series().name() + run.series().tags(),
                    run.timestamp(index),
                    run.series().kind() == Kind.TEXT ? run.text(index) : String.valueOf(run.value(index)));
        }
    }
}
