package io.tidewatch.store.sqlite.engine;

import io.tidewatch.api.store.AppendResult;
import io.tidewatch.api.store.StoreException;
import io.tidewatch.store.sqlite.db.Failures;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.ReentrantLock;
import org.jspecify.annotations.Nullable;

/**
 * Lets batches that come within a short delay share one transaction: each transaction writes whole pages, so that fewer
 * of them wear an SD card less.
 *
 * <p>The first of a group leads: it waits for the delay, then for the writer lock, closes the group and commits it. The
 * others wait for that. A thread that is interrupted while the group is open withdraws its batch.
 */
public final class GroupCommit implements AutoCloseable {
    /** Commits batches in one transaction: all or none. */
    public interface Transaction {
        /** Returns one result per batch, in order. */
        List<AppendResult> commit(List<OverflowRing.Entry> batches) throws StoreException;
    }

    private static final class Group {
        private final List<Entry> entries = new ArrayList<>();
        private final CountDownLatch done = new CountDownLatch(1);
        private boolean open = true;
    }

    /** A batch and, once its group is done, its result. */
    private static final class Entry {
        private final OverflowRing.Entry batch;
        private @Nullable AppendResult result;
        private @Nullable Throwable failure;

        Entry(OverflowRing.Entry batch) {
            this.batch = batch;
        }

        AppendResult result() throws StoreException {
            if (result != null) {
                return result;
            }
            // A new exception for each caller: the stack of one is no help to the others.
            String message = failure instanceof StoreException ? failure.getMessage() : "The batch was not committed";
            throw new StoreException(String.valueOf(message), Objects.requireNonNull(failure));
        }
    }

    private final ReentrantLock writer;
    private final Transaction transaction;
    private final CountDownLatch hurry = new CountDownLatch(1);
    private volatile Duration delay;
    private @Nullable Group open;
    private boolean closed;

    /** @param writer held while a group is committed */
    public GroupCommit(ReentrantLock writer, Transaction transaction, Duration delay) {
        this.writer = writer;
        this.transaction = transaction;
        this.delay = delay;
    }

    /** Changes the delay, from the next group on. */
    public void delay(Duration delay) {
        this.delay = delay;
    }

    /** Refuses further batches and waits for the commit of those that came before. */
    @Override
    public void close() {
        Group last;
        synchronized (this) {
            closed = true;
            last = open;
        }
        hurry.countDown();
        if (last != null && awaitUninterruptibly(last.done)) {
            Thread.currentThread().interrupt();
        }
    }

    /**
     * Commits a batch, alone or in company; returns when it is committed.
     *
     * @throws InterruptedException if the caller was interrupted before the commit began; the batch is not kept
     */
    public AppendResult append(OverflowRing.Entry batch) throws StoreException, InterruptedException {
        if (Thread.interrupted()) {
            throw new InterruptedException();
        }
        Entry entry = new Entry(batch);
        Group group;
        boolean leads;
        synchronized (this) {
            if (closed) {
                throw new StoreException("The store is closed; it opens again when its bundle starts");
            }
            leads = open == null;
            group = open == null ? new Group() : open;
            open = group;
            group.entries.add(entry);
        }
        if (leads) {
            lead(group, entry);
        } else {
            follow(group, entry);
        }
        return entry.result();
    }

    private void lead(Group group, Entry own) throws InterruptedException {
        InterruptedException interruption = null;
        try {
            hurry.await(delay.toNanos(), TimeUnit.NANOSECONDS);
            writer.lockInterruptibly();
        } catch (InterruptedException e) {
            interruption = e;
            withdraw(group, own);
            // The others wait for their leader.
            writer.lock();
        }
        try {
            commit(close(group));
        } finally {
            writer.unlock();
            group.done.countDown();
        }
        if (interruption != null) {
            throw interruption;
        }
    }

    private void follow(Group group, Entry own) throws InterruptedException {
        try {
            group.done.await();
        } catch (InterruptedException e) {
            if (withdraw(group, own)) {
                throw e;
            }
            awaitUninterruptibly(group.done);
            Thread.currentThread().interrupt();
        }
    }

    /** Returns whether the thread was interrupted during the wait. */
    private static boolean awaitUninterruptibly(CountDownLatch latch) {
        boolean interrupted = false;
        while (true) {
            try {
                latch.await();
                return interrupted;
            } catch (InterruptedException e) {
                interrupted = true;
            }
        }
    }

    private synchronized boolean withdraw(Group group, Entry entry) {
        return group.open && group.entries.remove(entry);
    }

    private synchronized List<Entry> close(Group group) {
        group.open = false;
        open = null;
        return group.entries;
    }

    private void commit(List<Entry> entries) {
        if (entries.isEmpty()) {
            return;
        }
        try {
            List<AppendResult> results = transaction.commit(
                    entries.stream().map(entry -> entry.batch).toList());
            for (int i = 0; i < entries.size(); i++) {
                entries.get(i).result = results.get(i);
            }
        } catch (StoreException | RuntimeException | Error e) {
            if (entries.size() > 1 && Failures.isOfTheInput(e)) {
                // One batch that cannot be stored does not take its neighbours along.
                entries.forEach(entry -> commit(List.of(entry)));
                return;
            }
            for (Entry entry : entries) {
                entry.failure = e;
            }
        }
    }
}
