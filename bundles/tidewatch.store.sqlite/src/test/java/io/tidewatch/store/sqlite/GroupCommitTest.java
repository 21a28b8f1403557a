package io.tidewatch.store.sqlite;

import static io.tidewatch.testing.store.SampleStoreContract.LEVEL;
import static io.tidewatch.testing.store.SampleStoreContract.NOW;
import static io.tidewatch.testing.store.SampleStoreContract.batch;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import io.tidewatch.api.store.AppendResult;
import io.tidewatch.api.store.Priority;
import io.tidewatch.api.store.SampleBatch;
import io.tidewatch.api.store.StoreException;
import io.tidewatch.store.sqlite.engine.GroupCommit;
import io.tidewatch.store.sqlite.engine.OverflowRing;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.FutureTask;
import java.util.concurrent.locks.ReentrantLock;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

@Timeout(60)
class GroupCommitTest {
    private static final Path FILE = Path.of("metrics.db");
    private static final Duration LONG = Duration.ofMinutes(10);
    private static final AppendResult STORED = new AppendResult(1, 0, Map.of());

    private final ReentrantLock writer = new ReentrantLock();
    private final List<List<SampleBatch>> committed = new CopyOnWriteArrayList<>();
    private final GroupCommit appends = group(LONG);
    private volatile boolean fails;
    private volatile CountDownLatch hanging = new CountDownLatch(0);

    @AfterEach
    void close() {
        appends.close();
    }

    @Test
    void batchesThatComeTogetherShareATransaction() throws Exception {
        Appender leader = append(1);
        Appender follower = append(2);
        appends.close();

        assertThat(leader.task.get()).isEqualTo(STORED);
        assertThat(follower.task.get()).isEqualTo(STORED);
        assertThat(committed).containsExactly(List.of(batchOf(1), batchOf(2)));
    }

    @Test
    void aFailureIsEverybodys() throws Exception {
        fails = true;
        Appender leader = append(1);
        Appender follower = append(2);
        appends.close();

        for (Appender appender : List.of(leader, follower)) {
            assertThatThrownBy(appender.task::get)
                    .isInstanceOf(ExecutionException.class)
                    .hasCauseInstanceOf(StoreException.class)
                    .hasMessageContaining("disk is full");
        }
    }

    @ParameterizedTest
    @ValueSource(ints = {0, 1})
    void oneThatIsInterruptedWithdrawsItsBatch(int interrupted) throws Exception {
        List<Appender> appenders = List.of(append(1), append(2));
        appenders.get(interrupted).thread.interrupt();

        assertThatThrownBy(appenders.get(interrupted).task::get).hasCauseInstanceOf(InterruptedException.class);
        appends.close();
        assertThat(appenders.get(1 - interrupted).task.get()).isEqualTo(STORED);
        assertThat(committed).containsExactly(List.of(batchOf(2 - interrupted)));
    }

    /** A write to a worn card returns after minutes. */
    @Test
    void aCommitThatDoesNotReturnKeepsNobodyAndThereIsNoneOfThoseThatWaitBehindIt() throws Exception {
        try (GroupCommit impatient = group(Duration.ofMillis(100))) {
            impatient.delay(Duration.ZERO);
            hanging = new CountDownLatch(1);
            for (int number : new int[] {1, 2}) {
                assertThatThrownBy(() -> impatient.append(arrived(number)))
                        .isInstanceOf(StoreException.class)
                        .hasMessageContaining("Writing to " + FILE + " has not returned");
            }
            hanging.countDown();
            await().until(() -> committed.equals(List.of(List.of(batchOf(1)))));
            await().untilAsserted(() -> assertThat(impatient.append(arrived(3))).isEqualTo(STORED));
        }
        assertThat(committed).last().isEqualTo(List.of(batchOf(3)));
        assertThat(committed).doesNotContain(List.of(batchOf(2)));
    }

    @Test
    void batchesThatWaitForTheWriterShareATransaction() throws Exception {
        appends.delay(Duration.ZERO);
        Appender leader;
        Appender follower;
        writer.lock();
        try {
            leader = append(1);
            follower = append(2);
        } finally {
            writer.unlock();
        }

        assertThat(leader.task.get()).isEqualTo(STORED);
        assertThat(follower.task.get()).isEqualTo(STORED);
        assertThat(committed).containsExactly(List.of(batchOf(1), batchOf(2)));
    }

    @Test
    void refusesBatchesOnceClosed() {
        appends.close();

        assertThatThrownBy(() -> appends.append(arrived(1))).isInstanceOf(StoreException.class);
        assertThat(committed).isEmpty();
    }

    private GroupCommit group(Duration longest) {
        return new GroupCommit(FILE, writer, this::commit, LONG, longest);
    }

    private record Appender(Thread thread, FutureTask<AppendResult> task) {}

    /** Appends on a thread of its own, and returns when that waits. */
    private Appender append(int number) {
        FutureTask<AppendResult> task = new FutureTask<>(() -> appends.append(arrived(number)));
        Thread thread = new Thread(task, "appender-" + number);
        thread.start();
        await().until(() ->
                thread.getState() == Thread.State.WAITING || thread.getState() == Thread.State.TIMED_WAITING);
        return new Appender(thread, task);
    }

    private List<AppendResult> commit(List<OverflowRing.Entry> batches) throws StoreException {
        assertThat(writer.isHeldByCurrentThread()).isTrue();
        if (fails) {
            throw new StoreException("disk is full");
        }
        try {
            hanging.await();
        } catch (InterruptedException e) {
            throw new StoreException("interrupted", e);
        }
        committed.add(batches.stream().map(OverflowRing.Entry::batch).toList());
        return batches.stream().map(batch -> STORED).toList();
    }

    private static OverflowRing.Entry arrived(int number) {
        return new OverflowRing.Entry(batchOf(number), NOW);
    }

    private static SampleBatch batchOf(int number) {
        return batch(NOW, Priority.NORMAL, LEVEL.sample(number));
    }
}
