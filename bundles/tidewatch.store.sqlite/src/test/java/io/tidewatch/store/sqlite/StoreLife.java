package io.tidewatch.store.sqlite;

import static io.tidewatch.store.sqlite.db.Schema.DESTINATION;

import io.tidewatch.api.collector.Metric;
import io.tidewatch.api.collector.Sample;
import io.tidewatch.api.collector.Unit;
import io.tidewatch.api.health.Health;
import io.tidewatch.api.health.Status;
import io.tidewatch.api.store.Delivery;
import io.tidewatch.api.store.DeliveryOutcome;
import io.tidewatch.api.store.DeliveryQuery;
import io.tidewatch.api.store.Priority;
import io.tidewatch.api.store.SampleBatch;
import io.tidewatch.api.store.SeriesSamples;
import io.tidewatch.api.store.Slice;
import io.tidewatch.api.store.StoreException;
import io.tidewatch.store.sqlite.db.Bounds;
import io.tidewatch.store.sqlite.db.Connections;
import io.tidewatch.store.sqlite.db.LogSync;
import io.tidewatch.store.sqlite.db.Platform;
import io.tidewatch.store.sqlite.db.StoreSettings;
import io.tidewatch.store.sqlite.engine.SqliteStore;
import io.tidewatch.store.sqlite.engine.StoreOpening;
import io.tidewatch.store.sqlite.engine.StorePlace;
import io.tidewatch.store.sqlite.engine.StoreState;
import io.tidewatch.store.sqlite.resilience.DatabasePlace;
import io.tidewatch.store.sqlite.resilience.FaultTolerantStore;
import java.io.IOException;
import java.io.RandomAccessFile;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.TreeMap;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;

/**
 * The life of a store as an agent leads it, in 40 seconds of a clock that the life itself moves: open, append, deliver in
 * part, refuse, checkpoint, sync, send again, evict by age, size and free space, set the clock, close, open again. Every
 * sample is a number of its own, so that the life knows what must be where. A caller may make anything fail once or for ten
 * seconds; at the end nothing fails any more, and {@link #violations} says what is not as if nothing had failed.
 */
final class StoreLife {
    /** What the store begins with. */
    enum Start {
        /** No file. */
        EMPTY,
        /** A database of the original agent, with sessions whose metadata is no JSON. */
        ORIGINAL,
        /** A database whose header is overwritten, of an agent that was killed. */
        DAMAGED
    }

    private enum State {
        PENDING,
        DELIVERED,
        REJECTED,
        TEXT
    }

    private static final class Item {
        private final double value;
        private Instant time;
        private State state;
        private boolean thisSession = true;
        private boolean acknowledged;

        Item(double value, Instant time, State state) {
            this.value = value;
            this.time = time;
            this.state = state;
        }
    }

    private static final Instant NOW = Instant.parse("2026-03-01T12:00:00Z");
    private static final Metric LEVEL = Metric.gauge("life.level", Unit.NONE, "A level", "n");
    private static final Metric NOTE = Metric.text("life.note", "A note");
    private static final long STEP_NANOS = Duration.ofMillis(250).toNanos();
    private static final Duration RETENTION = Duration.ofDays(2);
    private static final int PATIENCE = 240;

    private final Path file;
    private final Start start;
    private final Platform platform;
    private final AtomicLong nanos;
    private final Faults faults;
    private final SettableClock clock = new SettableClock(NOW);
    private final List<ManualTimer> timers = new ArrayList<>();
    private final TreeMap<Integer, Item> items = new TreeMap<>();
    private final List<String> violations = new ArrayList<>();

    private @Nullable FaultTolerantStore store;
    private boolean historyMayBeGone;
    private long free = Long.MAX_VALUE;
    private long syncs;
    private int next;

    /**
     * @param folder empty, for the database
     * @param faults what fails
     * @param nanos moved by the life
     */
    StoreLife(Path folder, Start start, Faults faults, AtomicLong nanos) {
        this.file = folder.resolve("metrics.db");
        this.start = start;
        this.faults = faults;
        this.nanos = nanos;
        this.platform = new Platform(faults, this::force, path -> free, name -> timer(), nanos::get);
    }

    /** What is not as it should be; empty if all is well. */
    List<String> violations() {
        return violations;
    }

    /** Lives. */
    void live() throws Exception {
        prepare();
        faults.begin();
        try {
            open();
            early();
            resend();
            expire();
            shrink();
            makeRoom();
            setTheClock();
            restart();
            afterwards();
        } catch (Violation e) {
            violations.add(e.getMessage());
        } finally {
            if (store != null) {
                store.close();
            }
        }
    }

    private static final class Violation extends RuntimeException {
        private static final long serialVersionUID = 1;

        Violation(String message) {
            super(message);
        }
    }

    private void early() throws InterruptedException {
        append(5, Priority.NORMAL);
        untilItWorks("locking the database", () -> present().exclusive(true));
        append(3, Priority.HIGH);
        deliver((index, item) -> index % 3 != 0, (index, item) -> index % 5 == 3);
        append(4, Priority.NORMAL);
        run(Duration.ofSeconds(3));
        deliverAll();
        append(3, Priority.LOW);
    }

    private void resend() throws InterruptedException {
        untilItWorks("sending again", () -> present().resend(DESTINATION, NOW.minusSeconds(1)));
        for (Item item : items.values()) {
            if (item.acknowledged) {
                item.state = State.PENDING;
            }
        }
        deliver((index, item) -> index % 2 == 0, (index, item) -> false);
        append(3, Priority.NORMAL);
    }

    private void expire() throws InterruptedException {
        untilItWorks("opening the database to others", () -> present().exclusive(false));
        historyMayBeGone = true;
        clock.set(clock.instant().plus(RETENTION).plus(Duration.ofHours(1)));
        run(Duration.ofSeconds(3));
        append(3, Priority.NORMAL);
        deliver((index, item) -> index % 4 == 0, (index, item) -> false);
    }

    /** Size is only changed once all is well: how much history there is to give up must be known. */
    private void shrink() throws Exception {
        complete();
        for (int i = 0; i < 4; i++) {
            append(8, Priority.NORMAL);
        }
        for (int i = 0; i < PATIENCE && present().status().pendingSamples() > 0; i++) {
            deliverAll();
        }
        append(4, Priority.NORMAL);
        configure(usedBytes() - 512, 0);
        run(Duration.ofSeconds(3));
        configure(500L << 20, 0);
        append(2, Priority.NORMAL);
    }

    private void makeRoom() throws InterruptedException {
        deliverAll();
        append(4, Priority.HIGH);
        free = 1000;
        configure(500L << 20, 1L << 20);
        run(Duration.ofSeconds(3));
        free = Long.MAX_VALUE;
        configure(500L << 20, 0);
    }

    private void setTheClock() throws InterruptedException {
        untilItWorks("locking the database again", () -> present().exclusive(true));
        append(3, Priority.NORMAL);
        Instant until = clock.instant().plusMillis(1);
        Duration step = Duration.ofHours(1);
        clock.set(clock.instant().plus(step));
        for (Item item : items.values()) {
            if (item.thisSession && (item.state == State.PENDING || item.state == State.TEXT)) {
                item.time = item.time.plus(step);
            }
        }
        untilItWorks("moving samples", () -> present().clockSet(until, step));
        append(3, Priority.NORMAL);
        deliver((index, item) -> index % 2 == 0, (index, item) -> index % 7 == 1);
    }

    /** What waits in memory is lost with the process, by design: the life does not end before it is written. */
    private void restart() throws Exception {
        complete();
        untilItWorks("opening the database to others again", () -> present().exclusive(false));
        look("before the restart");
        present().close();
        if (present().state().ringDropped() > 0) {
            throw new Violation("samples that were committed were lost at the stop");
        }
        items.values().forEach(item -> item.thisSession = false);
        open();
        append(3, Priority.NORMAL);
        run(Duration.ofSeconds(2));
    }

    /** All is over: does everything work? */
    private void afterwards() throws Exception {
        faults.over();
        complete();
        if (append(4, Priority.NORMAL) > 0) {
            throw new Violation("samples go to memory although nothing fails");
        }
        look("at the end");
        lockingWorks();
        checkpointAndSyncWork();
        Health health = StorageHealth.of(file, present().status(), present().state(), List.of(), clock.instant());
        boolean recovered = present().state().recovery() != null;
        if (health.status() != (recovered ? Status.DEGRADED : Status.OK)) {
            throw new Violation("health is " + health.status() + ": " + health.message());
        }
        if (recovered && start != Start.DAMAGED) {
            throw new Violation("a sound database was replaced");
        }
        deliverAll();
        append(4, Priority.NORMAL);
        clock.set(clock.instant().plus(RETENTION).plus(Duration.ofHours(1)));
        run(Duration.ofSeconds(5));
        look("after eviction by age");
        for (Row row : rows()) {
            Item item = items.get(row.number());
            if (item == null || item.state != State.PENDING) {
                throw new Violation("eviction by age does not work: " + row + " is left");
            }
        }
        present().close();
        open();
        look("after another start");
    }

    private void checkpointAndSyncWork() throws InterruptedException, IOException {
        append(2, Priority.NORMAL);
        long before = syncs;
        run(Duration.ofSeconds(5));
        long log = present().status().walSizeBytes();
        if (log > 0) {
            throw new Violation("the checkpoint does not work: the log has " + log + " bytes");
        }
        append(1, Priority.NORMAL);
        run(Duration.ofSeconds(2));
        if (syncs == before) {
            throw new Violation("the sync does not work");
        }
    }

    // Operations of an agent, which goes on when one fails.

    private interface Operation {
        Object run() throws StoreException;
    }

    private interface Choice {
        boolean of(int index, Item item);
    }

    private void lockingWorks() throws Exception {
        if (!present().exclusive(true)
                || append(2, Priority.NORMAL) > 0
                || present().exclusive(false)) {
            throw new Violation("the database cannot be locked and opened again");
        }
    }

    private void untilItWorks(String what, Operation operation) throws InterruptedException {
        for (int i = 0; i < PATIENCE; i++) {
            try {
                operation.run();
                step();
                return;
            } catch (StoreException | OutOfMemoryError e) {
                step();
            }
        }
        throw new Violation(what + " never works again");
    }

    /** Returns how many samples went to memory. */
    private int append(int count, Priority priority) throws InterruptedException {
        Instant time = clock.instant();
        List<Sample> samples = new ArrayList<>();
        TreeMap<Integer, Item> fresh = new TreeMap<>();
        for (int i = 0; i < count; i++) {
            int number = next++;
            samples.add(LEVEL.sample(number, priority.name() + i));
            fresh.put(number, new Item(number, time, State.PENDING));
        }
        int number = next++;
        samples.add(NOTE.sample(String.valueOf(number)));
        fresh.put(number, new Item(number, time, State.TEXT));
        SampleBatch batch = new SampleBatch(time, "rig", new TreeMap<>(), priority, samples);
        try {
            int deferred = present().append(batch).deferred();
            items.putAll(fresh);
            step();
            return deferred;
        } catch (StoreException e) {
            throw new Violation("an append failed: " + e.getMessage());
        }
    }

    private void deliverAll() throws InterruptedException {
        deliver((index, item) -> true, (index, item) -> false);
    }

    /** Delivers what is pending once, as far as it goes. */
    private void deliver(Choice acknowledged, Choice rejected) throws InterruptedException {
        try {
            Delivery delivery = present()
                    .next(DeliveryQuery.everything(DESTINATION, 100_000))
                    .orElse(null);
            step();
            if (delivery != null) {
                complete(delivery, acknowledged, rejected);
            }
        } catch (StoreException | IllegalArgumentException | OutOfMemoryError e) {
            // The next cycle tries again.
        }
        step();
    }

    private void complete(Delivery delivery, Choice acknowledged, Choice rejected) throws StoreException {
        List<Slice> accepted = new ArrayList<>();
        List<DeliveryOutcome.Rejection> refused = new ArrayList<>();
        TreeMap<Integer, State> outcome = new TreeMap<>();
        int index = 0;
        for (SeriesSamples samples : delivery.series()) {
            for (int i = 0; i < samples.size(); i++) {
                int number = (int) samples.value(i);
                Item item = items.get(number);
                if (item == null || item.state != State.PENDING || item.time.toEpochMilli() != samples.timestamp(i)) {
                    throw new Violation("handed out " + number + " of " + Instant.ofEpochMilli(samples.timestamp(i))
                            + (item == null ? ", which is unknown" : ", which is " + item.state + " of " + item.time));
                }
                Slice slice = new Slice(samples, i, i + 1);
                if (rejected.of(index, item)) {
                    refused.add(new DeliveryOutcome.Rejection(slice, "bad"));
                    outcome.put(number, State.REJECTED);
                } else if (acknowledged.of(index, item)) {
                    accepted.add(slice);
                    outcome.put(number, State.DELIVERED);
                }
                index++;
            }
        }
        present()
                .complete(
                        delivery,
                        new DeliveryOutcome(
                                List.of(new DeliveryOutcome.Acknowledgement(0, clock.instant(), accepted)), refused));
        outcome.forEach((number, state) -> {
            items.get(number).state = state;
            items.get(number).acknowledged = state == State.DELIVERED;
        });
    }

    private void configure(long maxSize, long minFree) {
        present().configure(settings(maxSize, minFree), 10_000);
    }

    private static StoreSettings settings(long maxSize, long minFree) {
        return new StoreSettings(
                Duration.ZERO,
                Duration.ofMillis(900),
                Duration.ofSeconds(2),
                60_000,
                1000,
                new Bounds(RETENTION, Duration.ofDays(30), maxSize, minFree, Duration.ofSeconds(1)));
    }

    private void open() throws StoreException {
        StorePlace place = TestStores.place(file);
        store = new FaultTolerantStore(
                new DatabasePlace(file, clock, platform),
                (settings, onFailure) -> StoreOpening.open(place, settings, clock, platform, onFailure),
                settings(500L << 20, 0),
                10_000,
                clock,
                nanos::get,
                Runnable::run);
        step();
    }

    // Time.

    private void step() {
        nanos.addAndGet(STEP_NANOS);
        clock.set(clock.instant().plusNanos(STEP_NANOS));
        faults.step();
        timers.removeIf(ManualTimer::isShutdown);
        List.copyOf(timers).forEach(ManualTimer::run);
    }

    private void run(Duration duration) throws InterruptedException {
        long end = nanos.get() + duration.toNanos();
        while (nanos.get() - end < 0) {
            step();
        }
    }

    /** Goes on until nothing fails and nothing waits in memory. */
    private void complete() throws InterruptedException {
        for (int i = 0; i < PATIENCE && (faults.isFailing() || present().state().trouble() != null); i++) {
            append(1, Priority.NORMAL);
        }
        FaultTolerantStore.State state = present().state();
        if (state.trouble() != null) {
            throw new Violation("trouble does not end: " + state.trouble());
        }
        if (state.ringSamples() > 0) {
            throw new Violation(state.ringSamples() + " samples are left in memory though there is no trouble");
        }
    }

    private ManualTimer timer() {
        ManualTimer timer = new ManualTimer(nanos::get);
        timers.add(timer);
        return timer;
    }

    private void force(Path log) throws IOException {
        LogSync.force(log);
        syncs++;
    }

    private FaultTolerantStore present() {
        if (store == null) {
            throw new IllegalStateException("The life has not begun");
        }
        return store;
    }

    // What is in the file, by a connection of its own that never fails.

    private record Row(int number, boolean text, long time, boolean uploaded) {}

    private List<Row> rows() throws SQLException {
        List<Row> rows = new ArrayList<>();
        look(
                "SELECT coalesce(metric_value, value_text), value_type, timestamp_ms, uploaded FROM metrics",
                row -> rows.add(new Row(
                        (int) Double.parseDouble(row.getString(1)),
                        row.getInt(2) == 1,
                        row.getLong(3),
                        row.getBoolean(4))));
        return rows;
    }

    private interface Look {
        void at(ResultSet row) throws SQLException;
    }

    private void look(String sql, Look look) throws SQLException {
        faults.pause(true);
        try (Connection connection = Connections.open(file, true);
                Statement statement = connection.createStatement();
                ResultSet row = statement.executeQuery(sql)) {
            while (row.next()) {
                look.at(row);
            }
        } finally {
            faults.pause(false);
        }
    }

    /** Compares the file with what must be in it, and the counts with the file. */
    private void look(String when) throws Exception {
        TreeMap<Integer, Row> rows = new TreeMap<>();
        for (Row row : rows()) {
            Item item = items.get(row.number());
            if (item == null) {
                throw new Violation(when + ": nobody appended " + row);
            }
            if (rows.put(row.number(), row) != null) {
                throw new Violation(when + ": twice: " + row);
            }
            if (item.time.toEpochMilli() != row.time()) {
                throw new Violation(when + ": " + row + " is of " + item.time);
            }
            if (row.uploaded() != (item.state == State.DELIVERED)) {
                throw new Violation(when + ": " + row + " is " + item.state);
            }
        }
        for (Item item : items.values()) {
            boolean mayBeGone = historyMayBeGone && item.state != State.PENDING;
            if (!rows.containsKey((int) item.value) && !mayBeGone) {
                throw new Violation(
                        when + ": lost: " + (int) item.value + ", which is " + item.state + ", evicted: " + evicted());
            }
        }
        compare(
                when,
                "pending",
                count(item -> item.state == State.PENDING),
                present().status().pendingSamples());
        long rejected = rows.values().stream()
                .filter(row -> items.get(row.number()).state == State.REJECTED)
                .count();
        compare(when, "refused", rejected, present().status().quarantinedSamples());
        look("PRAGMA integrity_check", answer -> {
            if (!answer.getString(1).equals("ok")) {
                throw new Violation(when + ": integrity_check: " + answer.getString(1));
            }
        });
    }

    /** What the store says it has evicted since it was opened last, without zeros. */
    private String evicted() {
        StoreState open = present().state().store();
        return open == null
                ? "unknown"
                : open.evicted().entrySet().stream()
                        .filter(entry -> entry.getValue() > 0)
                        .toList()
                        .toString();
    }

    private long count(Predicate<Item> wanted) {
        return items.values().stream().filter(wanted).count();
    }

    private static void compare(String when, String what, long expected, long actual) {
        if (expected != actual) {
            throw new Violation(when + ": counted " + actual + " " + what + ", there are " + expected);
        }
    }

    private long usedBytes() throws SQLException {
        long[] bytes = {0};
        look(
                "SELECT (p.page_count - f.freelist_count) * s.page_size FROM pragma_page_count p,"
                        + " pragma_freelist_count f, pragma_page_size s",
                row -> bytes[0] = row.getLong(1));
        return bytes[0];
    }

    // What the store begins with.

    private void prepare() throws Exception {
        switch (start) {
            case EMPTY -> {}
            case ORIGINAL -> original();
            case DAMAGED -> damaged();
        }
    }

    private void original() throws Exception {
        OriginalDatabase.create(file, 5, 0, 1);
        try (Connection connection = Connections.open(file, false);
                Statement statement = connection.createStatement()) {
            statement.execute("INSERT INTO sessions VALUES ('s3', 1700000800000, 1700000900000, 'completed', ''),"
                    + " ('s4', 1700000910000, 1700000920000, 'completed', 'by hand')");
            for (int i = 0; i < 12; i++) {
                int number = next++;
                Instant time = NOW.minusSeconds(60 - i);
                boolean uploaded = i < 7;
                statement.execute("INSERT INTO metrics(timestamp_ms, metric_name, metric_value, device_id, uploaded,"
                        + " priority, dedup_key, tags_json, value_type) VALUES (" + time.toEpochMilli()
                        + ", 'life.old', " + number + ", 'rig', " + (uploaded ? 1 : 0) + ", 2, 'k" + i + "', '{}', 0)");
                add(number, time, uploaded ? State.DELIVERED : State.PENDING);
            }
        }
    }

    private void damaged() throws Exception {
        try (SqliteStore before = StoreOpening.open(TestStores.place(file), settings(500L << 20, 0), clock)) {
            for (int i = 0; i < 12; i++) {
                int number = next++;
                Instant time = NOW.minusSeconds(60 - i);
                before.append(new SampleBatch(
                        time, "rig", new TreeMap<>(), Priority.NORMAL, List.of(LEVEL.sample(number, "old"))));
                add(number, time, State.PENDING);
            }
            before.checkpoint();
            byte[] database = Files.readAllBytes(file);
            before.close();
            Files.write(file, database);
        }
        try (RandomAccessFile raw = new RandomAccessFile(file.toFile(), "rw")) {
            raw.write(new byte[100]);
        }
    }

    private void add(int number, Instant time, State state) {
        Item item = new Item(number, time, state);
        item.thisSession = false;
        items.put(number, item);
    }
}
