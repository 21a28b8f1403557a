package io.tidewatch.store.sqlite;

import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.AbstractExecutorService;
import java.util.concurrent.Callable;
import java.util.concurrent.Delayed;
import java.util.concurrent.FutureTask;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.RunnableScheduledFuture;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.ScheduledFuture;
import java.util.concurrent.TimeUnit;
import java.util.function.LongSupplier;

/**
 * A timer whose tasks run when a test says so, by the test's clock. As that of the JDK it drops a periodic task that
 * throws.
 */
final class ManualTimer extends AbstractExecutorService implements ScheduledExecutorService {
    private final LongSupplier nanoTime;
    private final List<Task<?>> tasks = new ArrayList<>();
    private boolean shutdown;

    ManualTimer(LongSupplier nanoTime) {
        this.nanoTime = nanoTime;
    }

    private final class Task<V> extends FutureTask<V> implements RunnableScheduledFuture<V> {
        private final long period;
        private long due;

        Task(Callable<V> work, long due, long period) {
            super(work);
            this.due = due;
            this.period = period;
        }

        @Override
        public boolean isPeriodic() {
            return period > 0;
        }

        @Override
        public long getDelay(TimeUnit unit) {
            return unit.convert(due - nanoTime.getAsLong(), TimeUnit.NANOSECONDS);
        }

        @Override
        public int compareTo(Delayed other) {
            return Long.compare(getDelay(TimeUnit.NANOSECONDS), other.getDelay(TimeUnit.NANOSECONDS));
        }

        @Override
        public void run() {
            if (!isPeriodic()) {
                super.run();
                tasks.remove(this);
            } else if (runAndReset()) {
                due = nanoTime.getAsLong() + period;
            } else {
                tasks.remove(this);
            }
        }
    }

    /** Runs what is due. */
    void run() {
        for (Task<?> task : List.copyOf(tasks)) {
            if (!shutdown && tasks.contains(task) && task.due - nanoTime.getAsLong() <= 0) {
                task.run();
            }
        }
        tasks.removeIf(FutureTask::isCancelled);
    }

    @Override
    public <V> ScheduledFuture<V> schedule(Callable<V> work, long delay, TimeUnit unit) {
        return add(work, delay, 0, unit);
    }

    @Override
    public ScheduledFuture<?> schedule(Runnable work, long delay, TimeUnit unit) {
        return add(callable(work), delay, 0, unit);
    }

    @Override
    public ScheduledFuture<?> scheduleWithFixedDelay(Runnable work, long first, long delay, TimeUnit unit) {
        return add(callable(work), first, delay, unit);
    }

    @Override
    public ScheduledFuture<?> scheduleAtFixedRate(Runnable work, long first, long period, TimeUnit unit) {
        return add(callable(work), first, period, unit);
    }

    private static Callable<Object> callable(Runnable work) {
        return () -> {
            work.run();
            return work;
        };
    }

    private <V> Task<V> add(Callable<V> work, long delay, long period, TimeUnit unit) {
        if (shutdown) {
            throw new RejectedExecutionException("The timer is closed");
        }
        Task<V> task = new Task<>(work, nanoTime.getAsLong() + unit.toNanos(delay), unit.toNanos(period));
        tasks.add(task);
        return task;
    }

    @Override
    public void execute(Runnable work) {
        work.run();
    }

    @Override
    public void shutdown() {
        shutdown = true;
        tasks.clear();
    }

    @Override
    public List<Runnable> shutdownNow() {
        shutdown();
        return List.of();
    }

    @Override
    public boolean isShutdown() {
        return shutdown;
    }

    @Override
    public boolean isTerminated() {
        return shutdown;
    }

    @Override
    public boolean awaitTermination(long timeout, TimeUnit unit) {
        return shutdown;
    }
}
