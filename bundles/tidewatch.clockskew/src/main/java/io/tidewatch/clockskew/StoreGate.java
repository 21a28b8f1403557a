package io.tidewatch.clockskew;

import io.tidewatch.api.clock.Stamp.Storing;
import io.tidewatch.api.store.SampleStore;
import io.tidewatch.api.store.StoreException;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayDeque;
import java.util.Queue;
import java.util.concurrent.ThreadFactory;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Lets passes into the store while nothing corrects times there, and corrects times there while no pass is on its way in.
 * Corrections run one after the other, on a thread that lives as long as they take; one that fails is retried before any
 * later one, and passes go on meanwhile.
 *
 * <p>Safe for use by several threads. What changes the times of stamps holds its monitor while it does that and adds the
 * correction, so that each sample is corrected once: as a stamp or in the store.
 */
final class StoreGate {
    private static final Logger LOG = LoggerFactory.getLogger(StoreGate.class);
    private static final Duration JOIN = Duration.ofSeconds(5);

    /** Something to correct in the store. */
    interface Correction {
        void apply(SampleStore store) throws StoreException;
    }

    private final Supplier<@Nullable SampleStore> store;
    private final ThreadFactory threads;
    private final Queue<Correction> waiting = new ArrayDeque<>();
    private @Nullable String trouble;
    private int passing;
    private @Nullable Thread corrector;
    private boolean closed;

    /** @param store where samples are, or null at the moment */
    StoreGate(Supplier<@Nullable SampleStore> store) {
        this(store, work -> new Thread(work, "tidewatch-clock-set"));
    }

    StoreGate(Supplier<@Nullable SampleStore> store, ThreadFactory threads) {
        this.store = store;
        this.threads = threads;
    }

    /** Has the store corrected, behind all corrections before. */
    synchronized void add(Correction correction) {
        waiting.add(correction);
        start();
    }

    /** Retries what failed. */
    synchronized void tryAgain() {
        if (!waiting.isEmpty()) {
            start();
        }
    }

    /** Whether corrections are waiting or under way. */
    synchronized boolean isCorrecting() {
        return !waiting.isEmpty();
    }

    /** Whether no correction waits behind the one that is under way. */
    synchronized boolean isLast() {
        return waiting.size() <= 1;
    }

    /** Why the last correction failed; null if it did not. */
    @Nullable
    synchronized String trouble() {
        return trouble;
    }

    /** Stores under the time that the stamp has once nothing is being corrected. */
    <R> R pass(Supplier<Instant> stamp, Storing<R> storing) throws StoreException, InterruptedException {
        Instant time;
        synchronized (this) {
            while (corrector != null && !closed) {
                wait();
            }
            passing++;
            time = stamp.get();
        }
        try {
            return storing.at(time);
        } finally {
            synchronized (this) {
                passing--;
                notifyAll();
            }
        }
    }

    /** Ends the correction that is under way, and none after it; waits for that, for 5 seconds at most. */
    void close() throws InterruptedException {
        Thread running;
        synchronized (this) {
            closed = true;
            running = corrector;
            notifyAll();
        }
        if (running != null) {
            running.join(JOIN.toMillis());
        }
    }

    private void start() {
        if (corrector == null && !closed) {
            Thread thread = threads.newThread(this::correct);
            try {
                thread.start();
                corrector = thread;
            } catch (OutOfMemoryError e) {
                // The system has no more threads for this process: passes must not wait for one that never began.
                failed(e);
            }
        }
    }

    private void correct() {
        try {
            for (Correction next = next(); next != null; next = next()) {
                apply(next);
                synchronized (this) {
                    waiting.remove(next);
                    trouble = null;
                }
            }
        } catch (StoreException | RuntimeException | Error e) {
            failed(e);
        } catch (InterruptedException e) {
            LOG.debug("Interrupted");
        } finally {
            synchronized (this) {
                if (corrector == Thread.currentThread()) {
                    ended();
                }
            }
        }
    }

    private void apply(Correction correction) throws StoreException {
        SampleStore present = store.get();
        if (present == null) {
            throw new StoreException("there is no store; see health of storage");
        }
        correction.apply(present);
    }

    /** Waits until no pass is being stored, so that whatever carries the old time is in the store or not on its way. */
    private synchronized @Nullable Correction next() throws InterruptedException {
        while (passing > 0 && !closed) {
            wait();
        }
        Correction next = closed ? null : waiting.peek();
        if (next == null) {
            // Here, so that the next correction starts another thread.
            ended();
        }
        return next;
    }

    private void ended() {
        corrector = null;
        notifyAll();
    }

    private synchronized void failed(Throwable e) {
        if (trouble == null) {
            LOG.warn("The times of stored samples cannot be corrected yet; the agent retries every 5 s", e);
        }
        trouble = String.valueOf(e.getMessage());
    }
}
