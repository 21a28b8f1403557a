package io.tidewatch.clockskew;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.tidewatch.api.clock.Skew;
import io.tidewatch.api.clock.Stamp;
import io.tidewatch.api.store.AppendResult;
import io.tidewatch.api.store.Priority;
import io.tidewatch.api.store.SampleBatch;
import io.tidewatch.api.store.StoreException;
import io.tidewatch.testing.store.ListStore;
import io.tidewatch.testing.store.SampleStoreContract;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.FutureTask;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicReference;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

@Timeout(60)
class DeviceClockTest {
    private static final Instant EARLY = Instant.parse("1970-01-01T00:00:30Z");
    private static final Instant TRUE = Instant.parse("2026-03-01T12:00:00Z");
    private static final Duration STEP = Duration.between(EARLY, TRUE);

    @TempDir
    private Path folder;

    private final ListStore list = new ListStore();
    private final AtomicReference<ListStore> store = new AtomicReference<>(list);
    private final AtomicInteger told = new AtomicInteger();
    private Machine machine;
    private StoreGate gate;
    private DeviceClock clock;

    @BeforeEach
    void start() {
        machine = new Machine(folder, EARLY);
        gate = new StoreGate(store::get);
        clock = new DeviceClock(
                machine.source(), new StepCheck(Instant.EPOCH), gate, () -> false, told::incrementAndGet);
    }

    @AfterEach
    void stop() throws InterruptedException {
        clock.close();
        assertThat(Thread.getAllStackTraces().keySet())
                .noneMatch(thread -> thread.getName().equals("tidewatch-clock-set"));
    }

    @Test
    void everySampleHasItsTrueTimeAfterwards() throws Exception {
        append(1);
        machine.run(Duration.ofSeconds(10));
        append(2);
        machine.run(Duration.ofSeconds(3));
        machine.setClock(STEP);
        append(3);

        awaitMoved();
        machine.run(Duration.ofSeconds(10));
        append(4);

        assertThat(times()).containsExactly(TRUE, TRUE.plusSeconds(10), TRUE.plusSeconds(13), TRUE.plusSeconds(23));
        assertThat(told).hasValue(1);
        DeviceClock.State state = clock.state();
        assertThat(state.steps()).isEqualTo(1);
        assertThat(state.moved()).isEqualTo(2);
        assertThat(state.last()).isEqualTo(new Step(EARLY.plusSeconds(13), TRUE.plusSeconds(13)));
    }

    /** As when the answer of the server is evaluated just while a pass notices the step. */
    @Test
    void aComparisonFromBeforeTheStepSaysNothingAboutIt() {
        machine.setClock(STEP);
        DeviceClock asking = new DeviceClock(
                machine.source(), new StepCheck(Instant.EPOCH), gate, () -> true, told::incrementAndGet);
        Skew right = new Skew(Duration.ZERO, Duration.ZERO);
        long before = asking.steps();
        assertThat(asking.compared(right, before)).isTrue();
        machine.setClock(STEP);
        asking.look();

        assertThat(asking.compared(right, before)).isFalse();
        assertThat(asking.state().phase()).isEqualTo(StepCheck.Phase.DOUBTED);
        machine.setClock(STEP);
        assertThat(asking.compared(right, before + 1))
                .as("a step that was not yet detected")
                .isFalse();
    }

    @Test
    void aPassUnderWayHasItsTrueTimeToo() throws Exception {
        Stamp before = clock.now();
        machine.run(Duration.ofSeconds(5));
        machine.setClock(STEP);
        clock.look();

        assertThat(before.time()).isEqualTo(TRUE);
        append(before, 1);

        awaitMoved();
        assertThat(times()).containsExactly(TRUE);
    }

    /** It is in the store before the store moves anything, and moved once. */
    @Test
    void aPassBeingStoredIsMovedWithTheOthers() throws Exception {
        CountDownLatch storing = new CountDownLatch(1);
        CountDownLatch go = new CountDownLatch(1);
        Stamp stamp = clock.now();
        FutureTask<AppendResult> slow = new FutureTask<>(() -> stamp.store(time -> {
            storing.countDown();
            go.await();
            return list.append(batch(time, 1));
        }));
        new Thread(slow, "slow").start();
        storing.await();
        machine.setClock(STEP);
        clock.look();
        FutureTask<AppendResult> next = new FutureTask<>(() -> append(2));
        Thread nextThread = new Thread(next, "next");
        nextThread.start();
        await().until(() -> nextThread.getState() == Thread.State.WAITING);
        assertThat(clock.doubt()).hasValueSatisfying(why -> assertThat(why).contains("being corrected"));

        go.countDown();
        slow.get();
        next.get();

        awaitMoved();
        assertThat(clock.state().moved()).isEqualTo(1);
        assertThat(times()).containsExactly(TRUE, TRUE.plusMillis(1));
    }

    @Test
    void aStepBackDoesNotMoveWhatComesAfterIt() throws Exception {
        append(1);
        machine.run(Duration.ofSeconds(60));
        machine.setClock(Duration.ofSeconds(-10));
        append(2);
        awaitMoved();
        append(3);

        assertThat(times())
                .containsExactly(
                        EARLY.minusSeconds(10),
                        EARLY.plusSeconds(50),
                        EARLY.plusSeconds(50).plusMillis(1));
    }

    @Test
    void aClockThatIsSetTwiceMovesTwice() throws Exception {
        Stamp first = clock.now();
        append(1);
        machine.setClock(Duration.ofDays(10_000));
        machine.run(Duration.ofSeconds(1));
        append(2);
        machine.run(Duration.ofSeconds(1));
        machine.setClock(STEP.minusDays(10_000));
        append(3);
        awaitMoved();

        assertThat(first.time()).isEqualTo(TRUE);
        assertThat(times()).containsExactly(TRUE, TRUE.plusSeconds(1), TRUE.plusSeconds(2));
        assertThat(clock.steps()).isEqualTo(2);
    }

    @Test
    void samplesWaitForAStoreThatIsAwayOrBroken() throws Exception {
        append(1);
        store.set(null);
        machine.setClock(STEP);
        clock.look();
        await().until(() -> clock.state().trouble() != null);
        assertThat(clock.doubt()).hasValueSatisfying(why -> assertThat(why).contains("there is no store"));

        list.failWith(new StoreException("the disk is full"));
        store.set(list);
        clock.tick();
        await().until(() -> String.valueOf(clock.state().trouble()).equals("the disk is full"));

        list.failWith(null);
        clock.tick();
        awaitMoved();
        assertThat(times()).containsExactly(TRUE);
        assertThat(clock.doubt()).isEmpty();
        assertThat(clock.state().trouble()).isNull();
        assertThat(clock.steps()).isEqualTo(1);
    }

    @Test
    void aDateThatNoSampleCanHaveLeavesThemWhereTheyAre() throws Exception {
        append(1);
        machine.setClock(Duration.ofDays(-1));
        clock.look();
        awaitMoved();

        assertThat(times()).containsExactly(EARLY);
        assertThat(clock.doubt()).isEmpty();
    }

    @Test
    void closedItMovesNothingAndStampsOn() throws Exception {
        append(1);
        clock.close();
        machine.setClock(STEP);
        append(2);

        assertThat(times()).containsExactly(EARLY, TRUE);
    }

    private AppendResult append(int value) throws StoreException, InterruptedException {
        return append(clock.now(), value);
    }

    private AppendResult append(Stamp stamp, int value) throws StoreException, InterruptedException {
        return stamp.store(time -> list.append(batch(free(time), value)));
    }

    /** No two samples at one moment, which would be one. */
    private Instant free(Instant time) {
        Instant free = time;
        while (times().contains(free)) {
            free = free.plusMillis(1);
        }
        return free;
    }

    private void awaitMoved() {
        await().until(() -> !gate.isCorrecting());
    }

    private static SampleBatch batch(Instant time, int value) {
        return SampleStoreContract.batch(time, Priority.NORMAL, SampleStoreContract.LEVEL.sample(value));
    }

    private List<Instant> times() {
        List<Instant> times = new ArrayList<>();
        list.pending().forEach(entry -> times.add(Instant.ofEpochMilli(entry.timestamp())));
        times.sort(null);
        return times;
    }
}
