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
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.FutureTask;
import java.util.concurrent.locks.ReentrantLock;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

@Timeout(60)
class GroupCommitTest {
    private static final Duration LONG = Duration.ofMinutes(10);
    private static final AppendResult STORED = new AppendResult(1, 0, Map.of());

    private final ReentrantLock writer = new ReentrantLock();
    private final List<List<SampleBatch>> committed = new ArrayList<>();
    private final GroupCommit appends = new GroupCommit(writer, this::commit, LONG);
    private boolean fails;

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

    @Test
    void anInterruptedFollowerWithdrawsItsBatch() throws Exception {
        Appender leader = append(1);
        Appender follower = append(2);
        follower.thread.interrupt();

        assertThatThrownBy(follower.task::get).hasCauseInstanceOf(InterruptedException.class);
        appends.close();
        assertThat(leader.task.get()).isEqualTo(STORED);
        assertThat(committed).containsExactly(List.of(batchOf(1)));
    }

    @Test
    void anInterruptedLeaderWithdrawsItsBatchAndCommitsTheOthers() throws Exception {
        Appender leader = append(1);
        Appender follower = append(2);
        leader.thread.interrupt();

        assertThatThrownBy(leader.task::get).hasCauseInstanceOf(InterruptedException.class);
        assertThat(follower.task.get()).isEqualTo(STORED);
        assertThat(committed).containsExactly(List.of(batchOf(2)));
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
