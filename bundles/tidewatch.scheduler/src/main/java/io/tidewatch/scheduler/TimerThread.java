package io.tidewatch.scheduler;

import java.util.PriorityQueue;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.LongSupplier;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * One thread that calls short actions at moments of a monotonic clock. Actions run outside every lock of this class; one
 * that throws does not harm the others. Safe for use by several threads.
 */
final class TimerThread {
    private static final Logger LOG = LoggerFactory.getLogger(TimerThread.class);
    private static final long JOIN_MILLIS = 1000;

    /** An action that is due at some moment, unless it is cancelled first. */
    final class Alarm implements Comparable<Alarm> {
        private final long due;
        private final long number;
        private final Runnable action;

        private Alarm(long due, long number, Runnable action) {
            this.due = due;
            this.number = number;
            this.action = action;
        }

        /** Takes it back; without effect if it has begun. */
        void cancel() {
            lock.lock();
            try {
                alarms.remove(this);
            } finally {
                lock.unlock();
            }
        }

        @Override
        public int compareTo(Alarm other) {
            // A difference, since the clock may wrap. What is due at one moment is called in the order of asking.
            return due == other.due ? Long.compare(number, other.number) : Long.signum(due - other.due);
        }
    }

    private final LongSupplier nanoTime;
    private final ReentrantLock lock = new ReentrantLock();
    private final Condition changed = lock.newCondition();
    private final PriorityQueue<Alarm> alarms = new PriorityQueue<>();
    private final Thread thread;
    private long asked;
    private boolean closed;

    /** @param nanoTime the monotonic clock; after a jump it is looked at when the next action is asked for */
    TimerThread(LongSupplier nanoTime) {
        this.nanoTime = nanoTime;
        this.thread = new Thread(null, this::loop, "tidewatch-scheduler", 0, false);
        thread.setContextClassLoader(TimerThread.class.getClassLoader());
        thread.start();
    }

    /** Has an action called at a moment, or at once if that has passed. */
    Alarm at(long due, Runnable action) {
        lock.lock();
        try {
            Alarm alarm = new Alarm(due, asked++, action);
            if (!closed) {
                alarms.add(alarm);
                changed.signal();
            }
            return alarm;
        } finally {
            lock.unlock();
        }
    }

    Alarm after(long nanos, Runnable action) {
        return at(nanoTime.getAsLong() + nanos, action);
    }

    /** Drops what is not due yet and waits for the thread, for a second at most. May be called again. */
    void close() throws InterruptedException {
        lock.lock();
        try {
            closed = true;
            alarms.clear();
            changed.signal();
        } finally {
            lock.unlock();
        }
        if (Thread.currentThread() != thread) {
            thread.join(JOIN_MILLIS);
        }
    }

    private void loop() {
        while (true) {
            try {
                Alarm due = awaitDue();
                if (due == null) {
                    return;
                }
                due.action.run();
            } catch (Throwable t) {
                // Without this thread nothing is collected: it outlives everything, an OutOfMemoryError included.
                Containment.quietly(() -> LOG.error("A timed action of the scheduler failed", t));
            }
        }
    }

    private @Nullable Alarm awaitDue() throws InterruptedException {
        lock.lock();
        try {
            while (!closed) {
                Alarm first = alarms.peek();
                long wait = first == null ? Long.MAX_VALUE : first.due - nanoTime.getAsLong();
                if (wait <= 0) {
                    return alarms.poll();
                }
                changed.awaitNanos(wait);
            }
            return null;
        } finally {
            lock.unlock();
        }
    }
}
