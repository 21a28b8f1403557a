package io.tidewatch.store.sqlite;

import static io.tidewatch.store.sqlite.db.Schema.DESTINATION;
import static io.tidewatch.testing.store.SampleStoreContract.LEVEL;
import static io.tidewatch.testing.store.SampleStoreContract.NOW;
import static io.tidewatch.testing.store.SampleStoreContract.batch;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.tidewatch.api.store.Delivery;
import io.tidewatch.api.store.DeliveryOutcome;
import io.tidewatch.api.store.DeliveryQuery;
import io.tidewatch.api.store.Priority;
import io.tidewatch.api.store.SampleBatch;
import io.tidewatch.api.store.SeriesSamples;
import io.tidewatch.api.store.SessionClock;
import io.tidewatch.api.store.StoreException;
import io.tidewatch.store.sqlite.db.Connections;
import io.tidewatch.store.sqlite.db.Platform;
import io.tidewatch.store.sqlite.db.StoreSettings;
import io.tidewatch.store.sqlite.engine.OverflowRing;
import io.tidewatch.store.sqlite.engine.SqliteStore;
import io.tidewatch.store.sqlite.engine.StoreOpening;
import io.tidewatch.store.sqlite.resilience.DatabasePlace;
import io.tidewatch.store.sqlite.resilience.FaultTolerantStore;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.Statement;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.concurrent.atomic.AtomicReference;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Machines whose clock begins in the past. */
class ClockSetTest {
    private static final Instant EARLY = Instant.parse("1970-01-01T00:00:30Z");

    private static final SessionClock SAME = new SessionClock(Duration.ZERO, false);

    /** By how much the clock is set. */
    private static final Duration STEP = Duration.between(EARLY, NOW);

    @TempDir
    Path folder;

    private final SettableClock clock = new SettableClock(EARLY);
    private Duration uptime = Duration.ofSeconds(30);
    private @Nullable SqliteStore store;

    @BeforeEach
    void boot() throws IOException {
        boot("boot-1");
    }

    @AfterEach
    void close() {
        if (store != null) {
            store.close();
        }
    }

    @Test
    void whatAnEarlierSessionOfTheSameBootStampedMovesWithTheRest() throws Exception {
        SqliteStore first = open();
        appendNow(first, 1);
        pass(Duration.ofSeconds(10));
        crash(first);
        pass(Duration.ofSeconds(10));
        SqliteStore second = open();
        appendNow(second, 2);
        pass(Duration.ofSeconds(10));

        set(STEP);
        assertThat(second.clockSet(clock.instant().minus(STEP), STEP)).isEqualTo(2);

        assertThat(pending(second)).containsExactly(NOW, NOW.plusSeconds(20));
        assertThat(second.clockSet(clock.instant().minus(STEP), STEP))
                .as("the same again, as after a failure")
                .isZero();
    }

    /** As a flipped bit leaves it; what follows counts on from there. */
    @ParameterizedTest
    @ValueSource(longs = {1L << 31, 1L << 33, 1L << 51})
    void passesMoveWhateverTheGapsBetweenTheirNumbers(long gap) throws Exception {
        SqliteStore first = open();
        appendNow(first, 1);
        pass(Duration.ofSeconds(10));
        appendNow(first, 2);
        pass(Duration.ofSeconds(10));
        first.close();
        try (Connection connection = Connections.open(folder.resolve("metrics.db"), false);
                Statement statement = connection.createStatement()) {
            statement.executeUpdate("UPDATE pass SET seq = seq + " + gap + " WHERE seq = (SELECT max(seq) FROM pass)");
        }
        SqliteStore second = open();
        appendNow(second, 3);
        pass(Duration.ofSeconds(10));

        set(STEP);
        assertThat(second.clockSet(clock.instant().minus(STEP), STEP)).isEqualTo(3);

        assertThat(pending(second)).containsExactly(NOW, NOW.plusSeconds(10), NOW.plusSeconds(20));
    }

    /** An hour ahead, an hour behind, a little more than a clock that runs fast, and from 1970. */
    @ParameterizedTest
    @ValueSource(longs = {3_600_000, -3_600_000, 2_500, -2_500, 86_400_000L * 400})
    void aSessionContinuesTheClockOfTheOneBefore(long stepMillis) throws Exception {
        Duration step = Duration.ofMillis(stepMillis);
        clock.set(NOW);
        SqliteStore first = open();
        appendNow(first, 1);
        pass(Duration.ofSeconds(10));
        crash(first);
        pass(Duration.ofSeconds(10));
        set(step);
        SqliteStore second = open();
        appendNow(second, 2);
        pass(Duration.ofSeconds(10));

        assertThat(second.continueClock()).as("found").isEqualTo(new SessionClock(step, false));
        assertThat(pending(second)).as("on one clock").containsExactly(NOW, NOW.plusSeconds(20));
        assertThat(second.continueClock()).as("once").isEqualTo(new SessionClock(step, false));
        assertThat(pending(second)).containsExactly(NOW, NOW.plusSeconds(20));

        // The step turns out to be right, and both move.
        assertThat(second.clockSet(clock.instant().minus(step), step)).isEqualTo(2);
        assertThat(pending(second))
                .containsExactly(NOW.plus(step), NOW.plus(step).plusSeconds(20));
        second.close();
        pass(Duration.ofSeconds(10));
        assertThat(open().continueClock()).as("no contradiction is left").isEqualTo(SAME);
    }

    @Test
    void manySessionsMoveAtOnceAndKeepTheirOrder() throws Exception {
        for (Duration step : List.of(Duration.ofSeconds(15), Duration.ofSeconds(-15), Duration.ofHours(2))) {
            Files.deleteIfExists(folder.resolve("metrics.db"));
            clock.set(NOW);
            boot("boot-" + step);
            List<Instant> expected = new ArrayList<>();
            for (int session = 0; session < 4; session++) {
                SqliteStore store = open();
                assertThat(store.continueClock()).isEqualTo(SAME);
                for (int i = 0; i < 3; i++) {
                    appendNow(store, session * 10 + i);
                    expected.add(clock.instant().plus(step));
                    pass(Duration.ofSeconds(4));
                }
                if (session == 3) {
                    set(step);
                    assertThat(store.clockSet(clock.instant().minus(step).plusMillis(1), step))
                            .isEqualTo(12);
                    assertThat(pending(store)).as("%s", step).containsExactlyElementsOf(expected);
                    store.close();
                } else if (session == 1) {
                    store.close();
                } else {
                    crash(store);
                }
            }
            assertThat(open().continueClock()).isEqualTo(SAME);
            close();
        }
    }

    @Test
    void aSessionKnowsWhetherAServerAgreedWithTheClockBefore() throws Exception {
        clock.set(NOW);
        SqliteStore first = open();
        first.clockConfirmed();
        crash(first);
        set(Duration.ofHours(1));
        SqliteStore second = open();
        assertThat(second.continueClock()).isEqualTo(new SessionClock(Duration.ofHours(1), true));
        second.clockSet(clock.instant(), Duration.ofHours(1));
        second.close();
        set(Duration.ofHours(1));
        assertThat(open().continueClock())
                .as("it was moved since")
                .isEqualTo(new SessionClock(Duration.ofHours(1), false));
    }

    /** The bundle that notices steps was away. */
    @Test
    void aStepThatNothingNoticedIsFound() throws Exception {
        clock.set(NOW);
        SqliteStore store = open();
        appendNow(store, 1);
        pass(Duration.ofSeconds(10));
        set(Duration.ofHours(-1));

        assertThat(store.continueClock()).isEqualTo(new SessionClock(Duration.ofHours(-1), false));
        assertThat(pending(store)).containsExactly(NOW);
    }

    @Test
    void sessionsThatCannotBeComparedStay() throws Exception {
        clock.set(NOW);
        SqliteStore first = open();
        appendNow(first, 1);
        first.close();
        set(Duration.ofHours(1));

        Files.delete(folder.resolve("uptime"));
        SqliteStore second = open();
        assertThat(second.continueClock())
                .as("the time since the boot is not known")
                .isEqualTo(SAME);
        assertThat(second.clockSet(clock.instant().plusMillis(1), Duration.ofHours(1)))
                .isZero();
        second.close();

        writeUptime();
        Files.delete(folder.resolve("boot_id"));
        SqliteStore third = open();
        assertThat(third.continueClock()).as("the boot is not known").isEqualTo(SAME);
        third.close();

        boot("boot-2");
        assertThat(open().continueClock()).as("another boot").isEqualTo(SAME);
        assertThat(pending(store)).containsExactly(NOW);
    }

    /** After a power cut the clock goes on from where it was saved, the agent restarts, and then the clock is set. */
    @Test
    void samplesOfAnotherBootStayWhereAnEarlierSessionRanThroughTheirTimes() throws Exception {
        clock.set(NOW);
        SqliteStore first = open();
        appendNow(first, 1);
        pass(Duration.ofSeconds(20));
        appendNow(first, 2);
        first.close();

        boot("boot-2");
        clock.set(NOW.plusSeconds(10));
        SqliteStore second = open();
        appendNow(second, 3);
        pass(Duration.ofSeconds(30));
        appendNow(second, 4);
        crash(second);
        set(Duration.ofHours(3));
        SqliteStore third = open();
        SessionClock continued = third.continueClock();
        assertThat(continued.ahead()).isEqualTo(Duration.ofHours(3));
        third.clockSet(clock.instant().minus(continued.ahead()).plusMillis(1), continued.ahead());

        assertThat(pending(third))
                .as("the second session moves, whose first sample lies among those of the first session")
                .containsExactly(
                        NOW,
                        NOW.plusSeconds(20),
                        NOW.plusSeconds(10).plus(Duration.ofHours(3)),
                        NOW.plusSeconds(40).plus(Duration.ofHours(3)));
    }

    @Test
    void deliveredSamplesAreNeverMoved() throws Exception {
        clock.set(NOW);
        SqliteStore first = open();
        appendNow(first, 1);
        Delivery delivery =
                first.next(DeliveryQuery.everything(DESTINATION, 10)).orElseThrow();
        first.complete(delivery, DeliveryOutcome.accepted(delivery, NOW));
        pass(Duration.ofSeconds(10));
        appendNow(first, 2);
        crash(first);
        set(Duration.ofHours(1));
        SqliteStore second = open();
        second.continueClock();
        assertThat(second.clockSet(clock.instant().plusMillis(1), Duration.ofHours(1)))
                .isEqualTo(1);

        assertThat(pending(second)).containsExactly(NOW.plusSeconds(10).plus(Duration.ofHours(1)));
        assertThat(second.append(batch(NOW, Priority.NORMAL, LEVEL.sample(1))).duplicates())
                .isEqualTo(1);
    }

    @Test
    void aSessionOfAnotherBootStaysSinceNobodyKnowsItsTime() throws Exception {
        SqliteStore first = open();
        appendNow(first, 1);
        crash(first);
        boot("boot-2");
        clock.set(NOW);

        SqliteStore second = open();
        assertThat(pending(second)).containsExactly(EARLY);
        assertThat(second.clockSet(NOW, STEP)).isZero();
    }

    /** As after a power cut with a clock that goes on from where it was saved, an hour before. */
    @Test
    void samplesOfAnEarlierBootStayAlthoughTheClockRunsThroughTheirTimesAgain() throws Exception {
        clock.set(NOW);
        SqliteStore first = open();
        for (int i = 0; i < 10; i++) {
            appendNow(first, i);
            pass(Duration.ofSeconds(10));
        }
        crash(first);

        boot("boot-2");
        clock.set(NOW.minusSeconds(15));
        SqliteStore second = open();
        for (int i = 0; i < 4; i++) {
            appendNow(second, 100 + i);
            pass(Duration.ofSeconds(10));
        }
        set(Duration.ofHours(3));
        assertThat(second.clockSet(clock.instant().minus(Duration.ofHours(3)), Duration.ofHours(3)))
                .isEqualTo(4);

        List<Instant> expected = new ArrayList<>();
        for (int i = 0; i < 10; i++) {
            expected.add(NOW.plusSeconds(10L * i));
        }
        for (int i = 0; i < 4; i++) {
            expected.add(NOW.minusSeconds(15).plusSeconds(10L * i).plus(Duration.ofHours(3)));
        }
        assertThat(pending(second)).containsExactlyElementsOf(expected);
        assertThat(second.status().oldestPending().orElseThrow())
                .as("what stayed is not forgotten")
                .isBeforeOrEqualTo(NOW);

        set(Duration.ofHours(1));
        assertThat(second.clockSet(clock.instant().minus(Duration.ofHours(1)), Duration.ofHours(1)))
                .as("set once more")
                .isEqualTo(4);
    }

    @Test
    void aClockThatWasSetIsNoReasonToEvict() throws Exception {
        SqliteStore store = open();
        appendNow(store, 1);
        pass(Duration.ofSeconds(10));
        set(STEP);

        store.bounds().pass();
        assertThat(pending(store)).as("before it has moved").containsExactly(EARLY);
        store.clockSet(clock.instant().minus(STEP), STEP);
        pass(Duration.ofMinutes(1));
        store.bounds().pass();
        assertThat(pending(store)).containsExactly(NOW);

        pass(Duration.ofDays(31));
        store.bounds().pass();
        assertThat(pending(store)).as("a month later").isEmpty();
    }

    /** The clock is compared with a batch when it comes, not when it is written. */
    @Test
    void aBatchThatComesBeforeTheClockIsSetKeepsItsTime() throws Exception {
        AtomicReference<SqliteStore> opened = new AtomicReference<>();
        StoreSettings waits = new StoreSettings(Duration.ofDays(1), Duration.ofDays(1), Duration.ofDays(1), 64L << 20);
        store = StoreOpening.open(TestStores.place(folder.resolve("metrics.db")), waits, clock);
        opened.set(store);
        Thread append = new Thread(() -> {
            try {
                appendNow(opened.get(), 1);
            } catch (StoreException | InterruptedException e) {
                throw new AssertionError(e);
            }
        });
        append.start();
        while (append.getState() != Thread.State.TIMED_WAITING) {
            Thread.onSpinWait();
        }
        set(STEP);
        store.close();
        append.join();

        SqliteStore next = open();
        assertThat(next.continueClock().ahead()).isEqualTo(STEP);
        next.clockSet(clock.instant().minus(STEP).plusMillis(1), STEP);
        assertThat(pending(next)).containsExactly(NOW);
    }

    @Test
    void whatWaitsInMemoryMovesOnce() throws Exception {
        SqliteStore[] real = new SqliteStore[1];
        boolean[] broken = {true};
        FaultTolerantStore tolerant = new FaultTolerantStore(
                new DatabasePlace(folder.resolve("metrics.db"), clock, Platform.REAL),
                (settings, onFailure) -> {
                    if (broken[0]) {
                        throw new StoreException("The disk is away", new IOException("away"));
                    }
                    real[0] = StoreOpening.open(TestStores.place(folder.resolve("metrics.db")), settings, clock);
                    return real[0];
                },
                TestStores.SETTINGS,
                1000,
                clock,
                () -> uptime.toNanos(),
                Runnable::run);
        try {
            assertThat(tolerant.append(batch(clock.instant(), Priority.NORMAL, LEVEL.sample(1)))
                            .deferred())
                    .isEqualTo(1);
            set(STEP);
            Instant until = clock.instant().minus(STEP).plusMillis(1);
            assertThatThrownBy(() -> tolerant.clockSet(until, STEP)).isInstanceOf(StoreException.class);
            broken[0] = false;
            pass(Duration.ofMinutes(5));
            tolerant.append(batch(clock.instant(), Priority.NORMAL, LEVEL.sample(2)));
            tolerant.clockSet(until, STEP);

            assertThat(pending(real[0])).containsExactly(NOW, NOW.plus(Duration.ofMinutes(5)));
        } finally {
            tolerant.close();
        }
    }

    /** The samples of another boot lie among those that move, and the first attempt fails half way. */
    @Test
    void aMoveThatFailsIsRetriedAsIfItHadNotBeen() throws Exception {
        clock.set(NOW);
        SqliteStore first = open();
        for (int i = 0; i < 3; i++) {
            appendNow(first, i);
            pass(Duration.ofSeconds(10));
        }
        first.close();
        boot("boot-2");
        clock.set(NOW.plusSeconds(5));
        SqliteStore second = open();
        appendNow(second, 3);
        pass(Duration.ofSeconds(10));
        appendNow(second, 5);
        Duration step = Duration.ofSeconds(-8);
        set(step);
        Instant until = clock.instant().minus(step).plusMillis(1);
        try (Statement statement = second.database().connection().createStatement()) {
            statement.execute("CREATE TEMP TRIGGER fault BEFORE UPDATE ON main.sessions"
                    + " BEGIN SELECT RAISE(ABORT, 'fault'); END");
            assertThatThrownBy(() -> second.clockSet(until, step)).isInstanceOf(StoreException.class);
            statement.execute("DROP TRIGGER fault");
        }

        assertThat(second.clockSet(until, step)).isEqualTo(2);
        assertThat(pending(second))
                .containsExactly(
                        NOW.minusSeconds(3), NOW, NOW.plusSeconds(7), NOW.plusSeconds(10), NOW.plusSeconds(20));
    }

    /** The session is three hours old: a time by the new clock would be among those that move. */
    @ParameterizedTest
    @ValueSource(longs = {-3_600_000, -600_000, 600_000, 7_200_000, 86_400_000L * 400})
    void aSampleThatIsOnItsWayWhileTheClockStepsMovesOnce(long stepMillis) throws Exception {
        Duration step = Duration.ofMillis(stepMillis);
        clock.set(NOW.minus(Duration.ofHours(3)));
        SqliteStore store = open();
        pass(Duration.ofHours(3));
        SampleBatch onItsWay = batch(clock.instant(), Priority.NORMAL, LEVEL.sample(1));
        set(step);
        store.append(onItsWay);

        assertThat(store.clockSet(NOW.plusMillis(1), step)).isEqualTo(1);
        assertThat(pending(store)).containsExactly(NOW.plus(step));
    }

    @Test
    void aTimeByTheClockBeforeAStepIsMadeUpOnceThatIsCorrected() throws Exception {
        Duration step = Duration.ofHours(-1);
        clock.set(NOW);
        SqliteStore store = open();
        set(step);
        store.clockSet(NOW.plusMillis(1), step);

        store.append(batch(NOW, Priority.NORMAL, LEVEL.sample(1)));
        assertThat(pending(store)).containsExactly(NOW.plus(step));
    }

    /** What waited since before the database could be opened makes its session begin earlier, not its boot. */
    @Test
    void whatWaitedInMemoryIsOnTheClockOfItsSession() throws Exception {
        clock.set(NOW);
        SqliteStore first = open();
        pass(Duration.ofMinutes(10));
        first.write(
                List.of(new OverflowRing.Entry(batch(NOW.minusSeconds(25), Priority.NORMAL, LEVEL.sample(1)), NOW)));
        assertThat(first.continueClock()).isEqualTo(SAME);
        crash(first);

        SqliteStore second = open();
        assertThat(second.continueClock()).isEqualTo(SAME);
        set(Duration.ofHours(1));
        assertThat(second.clockSet(clock.instant(), Duration.ofHours(1))).isEqualTo(1);
        assertThat(pending(second)).containsExactly(NOW.minusSeconds(25).plus(Duration.ofHours(1)));
    }

    private SqliteStore open() throws StoreException {
        store = TestStores.open(folder.resolve("metrics.db"), clock);
        return store;
    }

    private void appendNow(SqliteStore store, int value) throws StoreException, InterruptedException {
        store.append(batch(clock.instant(), Priority.NORMAL, LEVEL.sample(value)));
    }

    /** Another start of the machine; its time runs on. */
    private void boot(String id) throws IOException {
        Files.writeString(folder.resolve("boot_id"), id + "\n");
        uptime = Duration.ofSeconds(30);
        writeUptime();
    }

    private void pass(Duration time) throws IOException {
        uptime = uptime.plus(time);
        writeUptime();
        set(time);
    }

    private void set(Duration step) {
        clock.set(clock.instant().plus(step));
    }

    private void writeUptime() throws IOException {
        String seconds = String.format(Locale.ROOT, "%.2f 99.00%n", uptime.toMillis() / 1000.0);
        Files.writeString(folder.resolve("uptime"), seconds);
    }

    /** Without a word: the session is still active in the file. */
    private void crash(SqliteStore crashed) throws Exception {
        crashed.database().begin();
        crashed.close();
    }

    private static List<Instant> pending(SqliteStore store) throws StoreException {
        Delivery delivery =
                store.next(DeliveryQuery.everything(DESTINATION, 1000)).orElse(null);
        // What is handed out is not evicted: nothing is any more.
        store.resend(DESTINATION, DeliveryQuery.END);
        List<Instant> times = new ArrayList<>();
        if (delivery != null) {
            for (SeriesSamples samples : delivery.series()) {
                for (int i = 0; i < samples.size(); i++) {
                    times.add(Instant.ofEpochMilli(samples.timestamp(i)));
                }
            }
        }
        times.sort(null);
        return times;
    }
}
