package io.tidewatch.store.sqlite.engine;

import io.tidewatch.api.store.AppendResult;
import io.tidewatch.api.store.StoreException;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.locks.ReentrantLock;
import org.jspecify.annotations.Nullable;

/** Commits batches: those that come together in one transaction. Safe for use by several threads. */
final class Appends implements AutoCloseable {
    private static final String ACTION = "Appending";

    private final Writer writer;
    private final Housekeeping housekeeping;
    private final Intake intake;
    private final GroupCommit group;

    /** Guarded by the lock of the store. */
    private @Nullable String failure;

    Appends(Writer writer, ReentrantLock lock, Housekeeping housekeeping, Intake intake, Duration delay) {
        this.writer = writer;
        this.housekeeping = housekeeping;
        this.intake = intake;
        group = new GroupCommit(lock, this::commit, delay);
    }

    /** Changes how long a batch waits for others. */
    void delay(Duration delay) {
        group.delay(delay);
    }

    /** Commits a batch, with others that come within the delay. */
    AppendResult append(OverflowRing.Entry batch) throws StoreException, InterruptedException {
        return group.append(batch);
    }

    /** Commits batches that have waited. */
    List<AppendResult> write(List<OverflowRing.Entry> batches) throws StoreException {
        return writer.locked(ACTION, () -> insert(batches));
    }

    /** Why the last append failed; null if it did not. The caller holds the lock of the store. */
    @Nullable
    String failure() {
        return failure;
    }

    /** Samples whose time was replaced by the present. The caller holds the lock of the store. */
    long clamped() {
        return intake.clamped();
    }

    /** Refuses further batches and waits for those that came before. */
    @Override
    public void close() {
        group.close();
    }

    private List<AppendResult> commit(List<OverflowRing.Entry> batches) throws StoreException {
        return writer.locked(ACTION, () -> {
            try {
                List<AppendResult> results = insert(batches);
                intake.committed(batches);
                return results;
            } catch (StoreException e) {
                failure = e.getMessage();
                throw e;
            }
        });
    }

    private List<AppendResult> insert(List<OverflowRing.Entry> batches) throws StoreException {
        housekeeping.requireRoom(ACTION);
        List<AppendResult> results = housekeeping.transactions().run(ACTION, () -> intake.insert(batches));
        failure = null;
        return results;
    }
}
