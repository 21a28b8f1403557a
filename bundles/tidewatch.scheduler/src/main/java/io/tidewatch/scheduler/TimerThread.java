package io.tidewatch.scheduler;

import java.util.PriorityQueue;
import java.util.concurrent.TimeUnit;
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

    /** An action that is due at some moment, unless it is {@linkplain #cancel cancelled} first. */
    record Alarm(long due, long number, Runnable action) implements Comparable<Alarm> {
        @Override
        public int compareTo(Alarm other) {
            // A difference, since the clock may wrap. What is due at one moment is called in the order of asking.
            return due == other.due ? Long.compare(number, other.number) : Long.signum(due - other.due);
        }
    }

    private final LongSupplier nanoTime;
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
    synchronized Alarm at(long due, Runnable action) {
        Alarm alarm = new Alarm(due, asked++, action);
        if (!closed) {
            alarms.add(alarm);
            notifyAll();
        }
        return alarm;
    }

    Alarm after(long nanos, Runnable action) {
        return at(nanoTime.getAsLong() + nanos, action);
    }

    /** Takes an action back; without effect if there is none, or it has begun. */
    synchronized void cancel(@Nullable Alarm alarm) {
        alarms.remove(alarm);
    }

    /** Drops what is not due yet and waits for the thread, for a second at most. May be called again. */
    void close() throws InterruptedException {
        synchronized (this) {
            closed = true;
            alarms.clear();
            notifyAll();
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

    private synchronized @Nullable Alarm awaitDue() throws InterruptedException {
        while (!closed) {
            Alarm first = alarms.peek();
            long wait = first == null ? Long.MAX_VALUE : first.due - nanoTime.getAsLong();
            if (wait <= 0) {
                return alarms.poll();
            }
            TimeUnit.NANOSECONDS.timedWait(this, wait);
        }
        return null;
    }
}
