package io.tidewatch.store.sqlite.db;

import java.time.Duration;
import java.util.concurrent.Future;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.ScheduledThreadPoolExecutor;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * A thread for the background work of a store. A failed task is counted and logged, and the thread continues. Safe for use
 * by several threads.
 */
public final class StoreTimer implements AutoCloseable {
    private static final Logger LOG = LoggerFactory.getLogger(StoreTimer.class);

    private final ScheduledExecutorService thread;
    private final AtomicLong failures = new AtomicLong();

    /** @param thread what runs the tasks, ended by {@link #close} */
    public StoreTimer(ScheduledExecutorService thread) {
        this.thread = thread;
    }

    /** A daemon thread: the last sync and checkpoint are made by the thread that closes the store. */
    public static ScheduledExecutorService thread(String name) {
        ScheduledThreadPoolExecutor executor = new ScheduledThreadPoolExecutor(1, task -> {
            Thread created = new Thread(task, name);
            created.setContextClassLoader(StoreTimer.class.getClassLoader());
            created.setDaemon(true);
            return created;
        });
        executor.setRemoveOnCancelPolicy(true);
        executor.setExecuteExistingDelayedTasksAfterShutdownPolicy(false);
        return executor;
    }

    /** Runs a task again and again, with this time before each. */
    public Future<?> every(Duration interval, Runnable task) {
        return thread.scheduleWithFixedDelay(
                guarded(task), interval.toNanos(), interval.toNanos(), TimeUnit.NANOSECONDS);
    }

    /** Runs a task once, unless the timer is closed before. */
    public void after(Duration delay, Runnable task) {
        Future<?> unused = once(delay, task);
    }

    /** The same, cancellable; null if the timer is closed. */
    public @Nullable Future<?> once(Duration delay, Runnable task) {
        try {
            return thread.schedule(guarded(task), delay.toNanos(), TimeUnit.NANOSECONDS);
        } catch (RejectedExecutionException e) {
            // Closed: what the task would have kept an eye on ends, too.
            return null;
        }
    }

    /** How many tasks have failed with an error that they do not handle. */
    public long failures() {
        return failures.get();
    }

    /** A task that throws would never run again, and no one would notice. */
    private Runnable guarded(Runnable task) {
        return () -> {
            try {
                task.run();
            } catch (RuntimeException | Error e) {
                failures.incrementAndGet();
                LOG.error("Background work of the store failed; it is run again. Please report this", e);
            }
        };
    }

    /** Starts nothing more and waits for what runs. */
    @Override
    public void close() {
        thread.shutdown();
        boolean interrupted = false;
        boolean ended = false;
        while (!ended) {
            try {
                ended = thread.awaitTermination(1, TimeUnit.MINUTES);
            } catch (InterruptedException e) {
                interrupted = true;
            }
        }
        if (interrupted) {
            Thread.currentThread().interrupt();
        }
    }
}
