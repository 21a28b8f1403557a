package io.tidewatch.store.sqlite;

import static io.tidewatch.store.sqlite.db.Schema.DESTINATION;
import static org.assertj.core.api.Assertions.assertThat;

import io.tidewatch.api.collector.Metric;
import io.tidewatch.api.collector.Sample;
import io.tidewatch.api.collector.Unit;
import io.tidewatch.api.store.Delivery;
import io.tidewatch.api.store.DeliveryOutcome;
import io.tidewatch.api.store.DeliveryQuery;
import io.tidewatch.api.store.Priority;
import io.tidewatch.api.store.SampleBatch;
import io.tidewatch.api.store.SeriesSamples;
import io.tidewatch.api.store.Slice;
import io.tidewatch.api.store.StoreStatus;
import io.tidewatch.store.sqlite.engine.SqliteStore;
import io.tidewatch.store.sqlite.retention.EvictionCounts.Reason;
import io.tidewatch.store.sqlite.tables.CanonicalJson;
import io.tidewatch.store.sqlite.tables.PassRow;
import io.tidewatch.testing.store.ListStore;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.ResultSet;
import java.sql.Statement;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.function.Predicate;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import net.jqwik.api.Arbitraries;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.Combinators;
import net.jqwik.api.EdgeCasesMode;
import net.jqwik.api.Example;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;
import net.jqwik.api.Tag;
import net.jqwik.api.Tuple;
import org.jspecify.annotations.Nullable;

/** Whatever happens to a store, what is pending is what a plain list says. */
@Tag("slow")
class StoreModelTest {
    private static final Instant NOW = Instant.parse("2026-03-01T12:00:00Z");
    private static final int INSTANTS = 12;
    private static final int SECONDS = 4;
    private static final Path MEMORY = Path.of("/dev/shm");
    private static final Metric[] METRICS = {
        Metric.gauge("a.one", Unit.NONE, "One"),
        Metric.gauge("a.two", Unit.NONE, "Two", "n"),
        Metric.counter("a.three_total", Unit.NONE, "Three"),
        Metric.text("a.four", "Four"),
    };

    /** One thing that happens to both stores; its toString is what a failed property shows. */
    private interface Action {
        void run(Pair stores) throws Exception;
    }

    private record Append(int instant, int priority, long seed) implements Action {
        @Override
        public void run(Pair stores) throws Exception {
            Random random = new Random(seed);
            List<Sample> samples = new ArrayList<>();
            int count = random.nextInt(5);
            for (int i = 0; i < count; i++) {
                Metric metric = METRICS[random.nextInt(METRICS.length)];
                int value = random.nextInt(100);
                samples.add(
                        switch (metric.name()) {
                            case "a.two" -> metric.sample(value / 7.0, "n" + random.nextInt(2));
                            case "a.four" -> metric.sample("1.10");
                            default -> metric.sample(random.nextInt(10) == 0 ? Double.NaN : value);
                        });
            }
            SampleBatch batch = new SampleBatch(
                    NOW.plusMillis(instant), "rig", new TreeMap<>(), Priority.ofLevel(priority), samples);
            assertThat(stores.real.append(batch)).isEqualTo(stores.model.append(batch));
        }
    }

    private record Next(int from, int until, Set<Priority> priorities, int maxSamples) implements Action {
        @Override
        public void run(Pair stores) throws Exception {
            DeliveryQuery query = new DeliveryQuery(
                    DESTINATION,
                    from < 0 ? DeliveryQuery.BEGINNING : NOW.plusMillis(from),
                    until < 0 ? DeliveryQuery.END : NOW.plusMillis(until),
                    priorities,
                    maxSamples);
            stores.realDelivery = stores.real.next(query).orElse(null);
            stores.modelDelivery = stores.model.next(query).orElse(null);
            assertThat(contentOf(stores.realDelivery)).isEqualTo(contentOf(stores.modelDelivery));
        }
    }

    /** Completes the delivery under way; of each series, some runs are acknowledged, rejected, or left. */
    private record Complete(int acknowledgePercent, int rejectPercent, int second, long seed) implements Action {
        @Override
        public void run(Pair stores) throws Exception {
            if (stores.realDelivery != null && stores.modelDelivery != null) {
                stores.real.complete(stores.realDelivery, outcomeOf(stores.realDelivery));
                stores.model.complete(stores.modelDelivery, outcomeOf(stores.modelDelivery));
                stores.realDelivery = null;
                stores.modelDelivery = null;
            }
        }

        private DeliveryOutcome outcomeOf(Delivery delivery) {
            List<Slice> accepted = new ArrayList<>();
            List<DeliveryOutcome.Rejection> rejected = new ArrayList<>();
            for (SeriesSamples samples : delivery.series()) {
                // The same for both stores, whatever the order of their series.
                Random random = new Random(seed
                        ^ samples.series().name().hashCode()
                        ^ samples.series().tags().hashCode());
                for (int i = 0; i < samples.size(); i++) {
                    int roll = random.nextInt(100);
                    if (roll < acknowledgePercent) {
                        accepted.add(new Slice(samples, i, i + 1));
                    } else if (roll < acknowledgePercent + rejectPercent) {
                        rejected.add(new DeliveryOutcome.Rejection(new Slice(samples, i, i + 1), "bad"));
                    }
                }
            }
            return new DeliveryOutcome(
                    List.of(new DeliveryOutcome.Acknowledgement(0, NOW.plusSeconds(second), accepted)), rejected);
        }
    }

    private record Note(int key, int value) implements Action {
        @Override
        public void run(Pair stores) throws Exception {
            stores.real.note("key" + key, String.valueOf(value));
            stores.model.note("key" + key, String.valueOf(value));
        }
    }

    private record Restart() implements Action {
        @Override
        public void run(Pair stores) throws Exception {
            stores.restart();
        }
    }

    /** The database is locked for this process, or opened to others. */
    private record Exclusive(boolean wanted) implements Action {
        @Override
        public void run(Pair stores) throws Exception {
            assertThat(stores.real.exclusive(wanted)).isEqualTo(wanted);
        }
    }

    /** The process is killed: what goes on is a copy of the files as they are. */
    private record Crash() implements Action {
        @Override
        public void run(Pair stores) throws Exception {
            stores.crash();
        }
    }

    /** The store may resend more than it must: what lies in the stretches of time that were acknowledged since. */
    private record Resend(int second) implements Action {
        @Override
        public void run(Pair stores) throws Exception {
            Instant since = NOW.plusSeconds(second);
            Set<String> acknowledged = keysOf(stores.model.entries(), entry -> entry.text() == null);
            acknowledged.removeAll(keysOf(stores.model.quarantined().keySet(), entry -> true));
            long before = stores.real.status().pendingSamples();
            long resent = stores.real.resend(DESTINATION, since);
            Set<String> pending = stores.pendingRows();
            assertThat(pending.size() - before).isEqualTo(resent);

            stores.model.resend(DESTINATION, since);
            Set<String> must = keysOf(stores.model.pending(), entry -> true);
            assertThat(pending).containsAll(must);
            assertThat(acknowledged).containsAll(pending);
            List<ListStore.Entry> more = stores.model.entries().stream()
                    .filter(entry -> pending.contains(keyOf(entry)) && !must.contains(keyOf(entry)))
                    .toList();
            for (ListStore.Entry entry : more) {
                assertThat(stores.model.outcomes().stream()
                                .flatMap(outcome -> outcome.acknowledged().stream())
                                .filter(chunk -> !chunk.time().isBefore(since)
                                        && !chunk.slices().isEmpty()))
                        .as("chunks around %s", entry)
                        .anyMatch(chunk -> chunk.slices().stream()
                                                .mapToLong(
                                                        slice -> slice.samples().timestamp(slice.from()))
                                                .min()
                                                .orElseThrow()
                                        <= entry.timestamp()
                                && entry.timestamp()
                                        <= chunk.slices().stream()
                                                .mapToLong(
                                                        slice -> slice.samples().timestamp(slice.to() - 1))
                                                .max()
                                                .orElseThrow());
            }
            stores.model.resendAlso(more);
            stores.forgetDeliveries();
        }
    }

    /** One step of eviction: everything before the time that it returns is gone, and nothing else. */
    private record EvictHistory(int until, int samplesPerPage) implements Action {
        @Override
        public void run(Pair stores) throws Exception {
            long before = stores.evicted(Reason.MAX_SIZE_DELIVERED);
            long end = stores.real
                    .bounds()
                    .steps()
                    .historyStep(Reason.MAX_SIZE_DELIVERED, NOW.toEpochMilli() + until, samplesPerPage);
            assertThat(stores.evicted(Reason.MAX_SIZE_DELIVERED) - before)
                    .isEqualTo(stores.model.evictHistory(Instant.ofEpochMilli(end)));
        }
    }

    private record EvictPending(int until, Set<Priority> priorities, int samplesPerPage) implements Action {
        @Override
        public void run(Pair stores) throws Exception {
            boolean[] levels = new boolean[PassRow.LEVELS];
            priorities.forEach(priority -> levels[priority.level()] = true);
            long before = stores.evicted(Reason.MAX_SIZE_PENDING);
            long end = stores.real
                    .bounds()
                    .steps()
                    .pendingStep(Reason.MAX_SIZE_PENDING, levels, 0, NOW.toEpochMilli() + until, samplesPerPage);
            assertThat(stores.evicted(Reason.MAX_SIZE_PENDING) - before)
                    .isEqualTo(stores.model.evictPending(priorities, Instant.ofEpochMilli(end)));
        }
    }

    private record RemoveSeries() implements Action {
        @Override
        public void run(Pair stores) throws Exception {
            stores.real.bounds().steps().removeUnusedSeries();
        }
    }

    private record Shift(int from, int until, int step) implements Action {
        @Override
        public void run(Pair stores) throws Exception {
            Instant first = NOW.plusMillis(from);
            Instant end = NOW.plusMillis(until);
            Duration duration = Duration.ofMillis(step);
            assertThat(stores.real.shift(first, end, duration)).isEqualTo(stores.model.shift(first, end, duration));
            stores.forgetDeliveries();
        }
    }

    /** All pending samples of a page are evicted, but not what is delivered among them. */
    @Example
    void evictionSparesWhatIsDeliveredAmongPendingSamples() throws Exception {
        whatIsPendingIsWhatAListSays(List.of(
                new Append(0, 0, 2),
                new Append(0, 2, 0),
                new Append(0, 2, 0),
                new Next(0, 1, Set.of(Priority.CRITICAL), 1),
                new Complete(50, 0, 0, 0),
                new Complete(0, 0, 3, -1816773),
                new Shift(4, 7, -11),
                new Append(5, 2, 5),
                new Append(8, 2, 806164),
                new Append(9, 2, -1642),
                new EvictPending(6, Set.of(Priority.NORMAL), 10)));
    }

    @Property(tries = 2_000, edgeCases = EdgeCasesMode.NONE)
    void whatIsPendingIsWhatAListSays(@ForAll("actions") List<Action> actions) throws Exception {
        try (Pair stores = new Pair()) {
            for (Action action : actions) {
                action.run(stores);
                stores.compare("after " + action);
            }
            stores.restart();
            stores.compare("after a restart");
            stores.drain();
        }
    }

    @Provide
    Arbitrary<List<Action>> actions() {
        Arbitrary<Integer> instant = Arbitraries.integers().between(0, INSTANTS);
        Arbitrary<Integer> bound = Arbitraries.integers().between(-4, INSTANTS);
        Arbitrary<Long> seed = Arbitraries.longs();
        // Mostly one priority, so that changes of it are rare enough for ranges to grow.
        Arbitrary<Integer> priority = Arbitraries.frequency(Tuple.of(8, 2), Tuple.of(1, 0), Tuple.of(1, 3));
        Arbitrary<Set<Priority>> priorities =
                Arbitraries.of(Priority.class).set().ofMinSize(1);
        Arbitrary<Action> append = Combinators.combine(instant, priority, seed).as(Append::new);
        Arbitrary<Action> next = Combinators.combine(
                        bound, bound, priorities, Arbitraries.integers().between(1, 12))
                .as(Next::new);
        Arbitrary<Action> complete = Combinators.combine(
                        Arbitraries.of(0, 50, 100, 100),
                        Arbitraries.of(0, 0, 20),
                        Arbitraries.integers().between(0, SECONDS),
                        seed)
                .as(Complete::new);
        Arbitrary<Action> shift = Combinators.combine(
                        bound, bound, Arbitraries.integers().between(-2 * INSTANTS, 2 * INSTANTS))
                .as(Shift::new);
        Arbitrary<Integer> samplesPerPage = Arbitraries.integers().between(1, 20);
        Arbitrary<Action> evictHistory =
                Combinators.combine(bound, samplesPerPage).as(EvictHistory::new);
        Arbitrary<Action> evictPending =
                Combinators.combine(bound, priorities, samplesPerPage).as(EvictPending::new);
        Arbitrary<Action> resend =
                Arbitraries.integers().between(0, SECONDS + 1).map(Resend::new);
        return Arbitraries.frequencyOf(
                        Tuple.of(8, append),
                        Tuple.of(5, next),
                        Tuple.of(5, complete),
                        Tuple.of(1, shift),
                        Tuple.of(1, evictHistory),
                        Tuple.of(1, evictPending),
                        Tuple.of(1, Arbitraries.just(new RemoveSeries())),
                        Tuple.of(1, resend),
                        Tuple.of(1, Arbitraries.of(true, false).map(Exclusive::new)),
                        Tuple.of(
                                1,
                                Combinators.combine(
                                                Arbitraries.integers().between(0, 1),
                                                Arbitraries.integers().between(0, 9))
                                        .as(Note::new)),
                        Tuple.of(1, Arbitraries.of(new Restart(), new Crash())))
                .list()
                .ofMinSize(1)
                .ofMaxSize(30);
    }

    /** The store and its model. */
    private static final class Pair implements AutoCloseable {
        private final Clock clock = Clock.fixed(NOW, ZoneOffset.UTC);
        private final Path folder;
        private final ListStore model = new ListStore(clock);
        private Path file;
        private int crashes;
        private SqliteStore real;
        private @Nullable Delivery realDelivery;
        private @Nullable Delivery modelDelivery;

        Pair() throws Exception {
            // In memory where there is such a place: thousands of databases are made durable for nothing here.
            folder = Files.isWritable(MEMORY)
                    ? Files.createTempDirectory(MEMORY, "tidewatch-model")
                    : Files.createTempDirectory("tidewatch-model");
            file = folder.resolve("metrics.db");
            real = TestStores.open(file, clock);
        }

        void restart() throws Exception {
            real.close();
            real = TestStores.open(file, clock);
            model.restart();
            forgetDeliveries();
        }

        void crash() throws Exception {
            Path copy = folder.resolve("crashed" + crashes++ + ".db");
            Files.copy(file, copy);
            Files.copy(real.database().wal(), folder.resolve(copy.getFileName() + "-wal"));
            real.close();
            file = copy;
            real = TestStores.open(file, clock);
            model.restart();
            forgetDeliveries();
        }

        void forgetDeliveries() {
            model.abandonDelivery();
            realDelivery = null;
            modelDelivery = null;
        }

        long evicted(Reason reason) {
            return real.bounds().steps().counts().byReason().get(reason.label());
        }

        Set<String> pendingRows() throws Exception {
            Set<String> pending = new TreeSet<>();
            rows().forEach((key, value) -> {
                if (value.endsWith(" pending")) {
                    pending.add(key);
                }
            });
            return pending;
        }

        /** Compares what the file says by its view, and what the store says of itself, with the model. */
        void compare(String when) throws Exception {
            Map<String, String> expected = new TreeMap<>();
            for (ListStore.Entry entry : model.entries()) {
                expected.put(
                        keyOf(entry),
                        (entry.text() == null ? String.valueOf(entry.value()) : entry.text()) + " "
                                + entry.priority().level() + " "
                                + (entry.text() != null
                                        ? "text"
                                        : model.pending().contains(entry) ? "pending" : "done"));
            }
            assertThat(rows()).as(when).isEqualTo(expected);
            for (String key : List.of("key0", "key1")) {
                assertThat(real.note(key)).as(when).isEqualTo(model.note(key));
            }

            StoreStatus status = real.status();
            StoreStatus wanted = model.status();
            assertThat(status.pendingSamples()).as(when).isEqualTo(wanted.pendingSamples());
            assertThat(status.quarantinedSamples()).isEqualTo(wanted.quarantinedSamples());
            assertThat(status.oldestPending().isPresent())
                    .isEqualTo(wanted.oldestPending().isPresent());
            wanted.oldestPending().ifPresent(oldest -> assertThat(status.oldestPending())
                    .hasValueSatisfying(time -> assertThat(time).isBeforeOrEqualTo(oldest)));
        }

        void drain() throws Exception {
            new Next(-1, -1, Set.of(Priority.values()), Integer.MAX_VALUE).run(this);
            new Complete(100, 0, 0, 0).run(this);
            assertThat(model.pending()).isEmpty();
            compare("drained");
        }

        private Map<String, String> rows() throws Exception {
            Map<String, String> rows = new TreeMap<>();
            try (Statement statement = real.database().connection().createStatement();
                    ResultSet result = statement.executeQuery(
                            "SELECT timestamp_ms, metric_name, tags, metric_value, value_text, priority, uploaded,"
                                    + " value_type, EXISTS (SELECT 1 FROM quarantine q JOIN pass p ON p.seq = q.seq"
                                    + "  JOIN layout l ON l.id = p.layout"
                                    + "  JOIN series r ON r.id = json_extract(l.series, '$[' || q.column_index || ']')"
                                    + "  WHERE p.time_ms = m.timestamp_ms"
                                    + "  AND instr(m.dedup_key, lower(hex(r.key))) = 1) AS aside FROM metrics m")) {
                while (result.next()) {
                    boolean text = result.getInt("value_type") == 1;
                    boolean done = result.getInt("uploaded") == 1 || result.getInt("aside") == 1;
                    rows.put(
                            result.getLong("timestamp_ms") + " " + result.getString("metric_name")
                                    + CanonicalJson.read(result.getString("tags")),
                            (text ? result.getString("value_text") : String.valueOf(result.getDouble("metric_value")))
                                    + " " + result.getInt("priority") + " "
                                    + (text ? "text" : done ? "done" : "pending"));
                }
            }
            return rows;
        }

        @Override
        public void close() throws IOException {
            real.close();
            try (Stream<Path> files = Files.list(folder)) {
                for (Path file : files.toList()) {
                    Files.delete(file);
                }
            }
            Files.delete(folder);
        }
    }

    private static String keyOf(ListStore.Entry entry) {
        return entry.timestamp() + " " + entry.series().name() + entry.series().tags();
    }

    private static Set<String> keysOf(Collection<ListStore.Entry> entries, Predicate<ListStore.Entry> wanted) {
        return entries.stream()
                .filter(wanted)
                .map(StoreModelTest::keyOf)
                .collect(Collectors.toCollection(TreeSet::new));
    }

    private static Set<String> contentOf(@Nullable Delivery delivery) {
        Set<String> content = new TreeSet<>();
        if (delivery != null) {
            for (SeriesSamples samples : delivery.series()) {
                for (int i = 0; i < samples.size(); i++) {
                    content.add(samples.series() + " " + samples.timestamp(i) + " " + samples.value(i));
                }
            }
        }
        return content;
    }
}
