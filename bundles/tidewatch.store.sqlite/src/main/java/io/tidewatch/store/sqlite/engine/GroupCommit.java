package io.tidewatch.store.sqlite.engine;

import io.tidewatch.api.store.AppendResult;
import io.tidewatch.api.store.StoreException;
import io.tidewatch.store.sqlite.db.Failures;
import io.tidewatch.store.sqlite.db.StoreTimer;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.concurrent.locks.ReentrantLock;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Lets batches that come within a short delay share one transaction: each transaction writes whole pages, so that fewer
 * of them wear an SD card less.
 *
 * <p>One thread commits: a delay after the first batch of a group it waits for the lock of the store, closes the group and
 * commits it. An append waits for that, but not indefinitely: a write to a worn card may not return for minutes,
 * and cannot be interrupted. One that is interrupted while its group is open withdraws its batch.
 */
public final class GroupCommit implements AutoCloseable {
    private static final Logger LOG = LoggerFactory.getLogger(GroupCommit.class);

    /** How long a commit may take: longer than SQLite waits for another program, shorter than the usual interval of passes. */
    public static final Duration LONGEST = Duration.ofSeconds(7);

    /** Commits batches in one transaction: all or none. */
    public interface Transaction {
        /** Returns one result per batch, in order. */
        List<AppendResult> commit(List<OverflowRing.Entry> batches) throws StoreException;
    }

    /** A batch and its result. */
    private record Entry(OverflowRing.Entry batch, CompletableFuture<AppendResult> result) {}

    private final Path file;
    private final ReentrantLock lock;
    private final Transaction transaction;
    private final Duration longest;
    private final StoreTimer timer = new StoreTimer(StoreTimer.thread("tidewatch-store-commit"));
    private volatile Duration delay;

    // Guarded by this.
    private List<Entry> group = new ArrayList<>();
    private boolean closed;

    /**
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
        synchronized (this) {
            closed = true;
        }
        timer.close();
        commitGroup();
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
        Entry entry = new Entry(batch, new CompletableFuture<>());
        join(entry);
        long end = System.nanoTime() + delay.plus(longest).toNanos();
        boolean interrupted = false;
        try {
            while (true) {
                try {
                    return entry.result.get(end - System.nanoTime(), TimeUnit.NANOSECONDS);
                } catch (InterruptedException e) {
                    if (withdraw(entry)) {
                        throw e;
                    }
                    interrupted = true;
                }
            }
        } catch (TimeoutException e) {
            withdraw(entry);
            throw new StoreException("Writing to " + file + " has not returned for " + longest.toSeconds()
                    + " s. Check its disk (dmesg names failing ones)");
        } catch (ExecutionException e) {
            // A new exception for each caller: the stack of one is no help to the others.
            Throwable cause = Objects.requireNonNull(e.getCause());
            String message = cause instanceof StoreException
                    ? cause.getMessage()
                    : "The batch was not committed (" + cause + "); please report the entry in the log";
            throw new StoreException(String.valueOf(message), cause);
        } finally {
            if (interrupted) {
                Thread.currentThread().interrupt();
            }
        }
    }

    private synchronized void join(Entry entry) throws StoreException {
        if (closed) {
            throw new StoreException("The store is closed; it opens again when its bundle starts");
        }
        if (group.isEmpty()) {
            // Before the batch joins: where no thread can be started, the next batch tries again.
            timer.after(delay, this::commitGroup);
        }
        group.add(entry);
    }

    private void commitGroup() {
        lock.lock();
        try {
            commit(takeGroup());
        } finally {
            lock.unlock();
        }
    }

    private synchronized List<Entry> takeGroup() {
        List<Entry> taken = group;
        group = new ArrayList<>();
        return taken;
    }

    /** Takes a batch out of the open group; false if it is in none any more. */
    private synchronized boolean withdraw(Entry entry) {
        return group.remove(entry);
    }

    private void commit(List<Entry> entries) {
        if (entries.isEmpty()) {
            return;
        }
        try {
            List<AppendResult> results =
                    transaction.commit(entries.stream().map(Entry::batch).toList());
            for (int i = 0; i < entries.size(); i++) {
                entries.get(i).result.complete(results.get(i));
            }
        } catch (StoreException | RuntimeException | Error e) {
            if (entries.size() > 1 && Failures.isOfTheInput(e)) {
                // One batch that cannot be stored does not take its neighbours along.
                entries.forEach(entry -> commit(List.of(entry)));
                return;
            }
            if (e instanceof RuntimeException) {
                LOG.error("A batch was not committed; please report this", e);
            }
            entries.forEach(entry -> entry.result.completeExceptionally(e));
        }
    }
}
