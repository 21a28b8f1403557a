package io.tidewatch.store.sqlite;

import java.time.Duration;
import java.util.concurrent.Future;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.ScheduledThreadPoolExecutor;
import java.util.concurrent.TimeUnit;

/** The one thread for what a store does on its own: syncs, checkpoints, evictions. Safe for use by several threads. */
final class StoreTimer implements AutoCloseable {
    private final ScheduledExecutorService thread;

    /** @param thread what runs the tasks, ended by {@link #close} */
    StoreTimer(ScheduledExecutorService thread) {
        this.thread = thread;
    }

    /** A thread of its own. */
    static ScheduledExecutorService thread() {
        ScheduledThreadPoolExecutor executor = new ScheduledThreadPoolExecutor(1, task -> {
            Thread created = new Thread(task, "tidewatch-store");
            // The last sync and checkpoint are made by whoever closes the store.
            created.setDaemon(true);
            return created;
        });
        executor.setRemoveOnCancelPolicy(true);
        executor.setExecuteExistingDelayedTasksAfterShutdownPolicy(false);
        return executor;
    }

    /** Runs a task again and again, which must not throw, with this time before each. */
    Future<?> every(Duration interval, Runnable task) {
        return thread.scheduleWithFixedDelay(task, interval.toNanos(), interval.toNanos(), TimeUnit.NANOSECONDS);
    }

    /** Runs a task once, unless the timer is closed before. */
    void after(Duration delay, Runnable task) {
        try {
            // The task tells of its failures itself.
            Future<?> unused = thread.schedule(task, delay.toNanos(), TimeUnit.NANOSECONDS);
        } catch (RejectedExecutionException e) {
            // Closed: what the task would have kept an eye on ends, too.
        }
    }

    /** Starts nothing more and waits for what runs. */
    @Override
    public void close() {
        thread.shutdown();
        boolean interrupted = false;
        while (true) {
            try {
                if (thread.awaitTermination(1, TimeUnit.MINUTES)) {
                    break;
                }
            } catch (InterruptedException e) {
                interrupted = true;
            }
        }
        if (interrupted) {
            Thread.currentThread().interrupt();
        }
    }
}
