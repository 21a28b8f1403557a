package io.tidewatch.store.sqlite.engine;

import io.tidewatch.api.store.AppendResult;
import io.tidewatch.api.store.StoreException;
import io.tidewatch.store.sqlite.db.Failures;
import java.nio.file.Path;
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
 * <p>One thread commits: with the first batch of a group it waits for the delay, then for the lock of the store, closes the
 * group and commits it. An append waits for that, but not indefinitely: a write to a worn card may not return for minutes,
 * and cannot be interrupted. One that is interrupted while its group is open withdraws its batch.
 */
public final class GroupCommit implements AutoCloseable {
    /** How long a commit may take: longer than SQLite waits for another program, shorter than the usual interval of passes. */
    public static final Duration LONGEST = Duration.ofSeconds(7);

    private static final Duration UNLIMITED = Duration.ofDays(10_000);

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

    private final Path file;
    private final ReentrantLock lock;
    private final Transaction transaction;
    private final Duration longest;
    private final CountDownLatch hurry = new CountDownLatch(1);
    private volatile Duration delay;

    // Guarded by this.
    private @Nullable Thread thread;
    private @Nullable Group open;
    private boolean closed;

    /**
     * @param file the database, for messages
     * @param lock held while a group is committed
     * @param longest how long a caller waits for its commit, besides the delay
     */
    public GroupCommit(Path file, ReentrantLock lock, Transaction transaction, Duration delay, Duration longest) {
        this.file = file;
        this.lock = lock;
        this.transaction = transaction;
        this.delay = delay;
        this.longest = longest;
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
            notifyAll();
        }
        hurry.countDown();
        if (last != null) {
            awaitUninterruptibly(last.done, UNLIMITED);
        }
    }

    /**
     * Commits a batch, alone or in company; returns when it is committed.
     *
     * @throws InterruptedException if the caller was interrupted before the commit began; the batch is not kept
     * @throws StoreException also if the commit has not returned for too long; it may still keep the batch
     */
    public AppendResult append(OverflowRing.Entry batch) throws StoreException, InterruptedException {
        if (Thread.interrupted()) {
            throw new InterruptedException();
        }
        Entry entry = new Entry(batch);
        Group group = join(entry);
        boolean done;
        try {
            done = group.done.await(delay.plus(longest).toNanos(), TimeUnit.NANOSECONDS);
        } catch (InterruptedException e) {
            if (withdraw(group, entry)) {
                throw e;
            }
            done = awaitUninterruptibly(group.done, longest);
            Thread.currentThread().interrupt();
        }
        if (!done) {
            withdraw(group, entry);
            throw new StoreException("Writing to " + file + " has not returned for " + longest.toSeconds()
                    + " s. Check its disk (dmesg names failing ones)");
        }
        return entry.result();
    }

    private synchronized Group join(Entry entry) throws StoreException {
        if (closed) {
            throw new StoreException("The store is closed; it opens again when its bundle starts");
        }
        if (thread == null || !thread.isAlive()) {
            thread = new Thread(this::run, "tidewatch-store-commit");
            thread.setContextClassLoader(GroupCommit.class.getClassLoader());
            // A write that does not return keeps no process from its end.
            thread.setDaemon(true);
            thread.start();
        }
        Group group = open == null ? new Group() : open;
        open = group;
        group.entries.add(entry);
        notifyAll();
        return group;
    }

    private void run() {
        try {
            for (Group group = next(); group != null; group = next()) {
                hurry.await(delay.toNanos(), TimeUnit.NANOSECONDS);
                lock.lock();
                try {
                    commit(close(group));
                } finally {
                    lock.unlock();
                    group.done.countDown();
                }
            }
        } catch (InterruptedException e) {
            // Nothing interrupts this thread but the end of the process.
            return;
        }
    }

    /** Waits for a group; null at the end. */
    private synchronized @Nullable Group next() throws InterruptedException {
        while (open == null && !closed) {
            wait();
        }
        return open;
    }

    /** Waits also on a thread that is interrupted; returns whether it was counted down in time. */
    private static boolean awaitUninterruptibly(CountDownLatch latch, Duration longest) {
        boolean interrupted = false;
        long end = System.nanoTime() + longest.toNanos();
        try {
            while (true) {
                try {
                    return latch.await(end - System.nanoTime(), TimeUnit.NANOSECONDS);
                } catch (InterruptedException e) {
                    interrupted = true;
                }
            }
        } finally {
            if (interrupted) {
                Thread.currentThread().interrupt();
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
