package io.tidewatch.clockskew;

import io.tidewatch.api.clock.Stamp;
import io.tidewatch.api.store.SampleStore;
import io.tidewatch.api.store.StoreException;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayDeque;
import java.util.Optional;
import java.util.Queue;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The clock that samples are stamped by. Looks at every reading whether the clock was set since the one before, so that
 * everything stamped earlier carries the old time, and everything later the new one. Then it has the store move what was
 * stamped before, on a thread that lives as long as that takes, and lets nothing be stored meanwhile.
 *
 * <p>Safe for use by several threads.
 */
final class DeviceClock {
    private static final Logger LOG = LoggerFactory.getLogger(DeviceClock.class);
    private static final Duration JOIN = Duration.ofSeconds(5);

    /**
     * What happened since the start.
     *
     * @param steps how often the clock was set
     * @param last the last time, or null
     * @param moved samples that were moved
     * @param waiting whether samples are to be moved yet
     * @param trouble why that failed last, or null
     */
    record State(long steps, @Nullable Step last, long moved, boolean waiting, @Nullable String trouble) {}

    private final StepWatch watch;
    private final Supplier<@Nullable SampleStore> store;
    private final Runnable wasSet;

    // Guarded by this.
    private final Queue<Step> waiting = new ArrayDeque<>();
    private Duration offset = Duration.ZERO;
    private long steps;
    private @Nullable Step last;
    private long moved;
    private @Nullable String trouble;
    private int appending;
    private @Nullable Thread mover;
    private boolean closed;

    /**
     * @param store where samples are, or null at the moment
     * @param wasSet called when the clock was set, by whoever noticed
     */
    DeviceClock(TimeSource source, Supplier<@Nullable SampleStore> store, Runnable wasSet) {
        this.watch = new StepWatch(source);
        this.store = store;
        this.wasSet = wasSet;
    }

    /** The present, as a stamp that moves along when the clock is set. */
    Stamp now() {
        boolean set;
        Stamp stamp;
        synchronized (this) {
            set = noticed();
            stamp = new Moment(watch.present(), offset);
        }
        tell(set);
        return stamp;
    }

    /** The present. */
    Instant look() {
        boolean set;
        Instant present;
        synchronized (this) {
            set = noticed();
            present = watch.present();
        }
        tell(set);
        return present;
    }

    /** Moves samples that could not be moved before. */
    synchronized void tryAgain() {
        if (!waiting.isEmpty()) {
            startMoving();
        }
    }

    /** How often the clock was set since the start. */
    synchronized long steps() {
        return steps;
    }

    /** What happened since the start. */
    synchronized State state() {
        return new State(steps, last, moved, !waiting.isEmpty(), trouble);
    }

    /** Moves nothing any more, but what it is at; waits for that, for 5 seconds at most. Stamps stay usable. */
    void close() throws InterruptedException {
        Thread running;
        synchronized (this) {
            closed = true;
            running = mover;
            notifyAll();
        }
        if (running != null) {
            running.join(JOIN.toMillis());
        }
    }

    private void tell(boolean set) {
        if (set) {
            wasSet.run();
        }
    }

    private boolean noticed() {
        Step step = watch.look();
        if (step == null) {
            return false;
        }
        steps++;
        last = step;
        offset = offset.plus(step.size());
        waiting.add(step);
        LOG.info(
                "The clock was set from {} to {}, by {} ms; samples stamped before are moved to their true time",
                step.before(),
                step.after(),
                step.size().toMillis());
        startMoving();
        return true;
    }

    private void startMoving() {
        if (mover == null && !closed) {
            Thread thread = new Thread(this::move, "tidewatch-clock-set");
            mover = thread;
            thread.start();
        }
    }

    private void move() {
        try {
            for (Step step = next(); step != null; step = next()) {
                done(move(step));
            }
        } catch (StoreException | RuntimeException e) {
            failed(String.valueOf(e.getMessage()), e);
        } catch (InterruptedException e) {
            LOG.debug("Interrupted");
        } finally {
            synchronized (this) {
                mover = null;
                notifyAll();
            }
        }
    }

    /** Waits until nothing is being stored, so that whatever carries the old time is in the store or not on its way. */
    private synchronized @Nullable Step next() throws InterruptedException {
        while (appending > 0 && !closed) {
            wait();
        }
        return closed ? null : waiting.peek();
    }

    private long move(Step step) throws StoreException {
        SampleStore present = store.get();
        if (present == null) {
            throw new StoreException("there is no store; see health of storage");
        }
        try {
            // The store takes the end of the stretch as excluded.
            return present.clockSet(step.before().plusMillis(1), step.size());
        } catch (IllegalArgumentException e) {
            // A date that no sample can have: they keep the time that they have.
            LOG.warn("Samples stay where they are: {}", e.getMessage());
            return 0;
        }
    }

    private synchronized void done(long samples) {
        waiting.poll();
        moved += samples;
        trouble = null;
        LOG.info("{} samples were moved, since the clock was set", samples);
    }

    private synchronized void failed(String reason, Exception e) {
        if (trouble == null) {
            LOG.warn("Samples from before the clock was set cannot be moved yet; that is tried again", e);
        }
        trouble = reason;
    }

    /** A time and the sum of all steps up to then. */
    private final class Moment implements Stamp {
        private final Instant read;
        private final Duration offsetThen;

        Moment(Instant read, Duration offsetThen) {
            this.read = read;
            this.offsetThen = offsetThen;
        }

        @Override
        public Instant time() {
            synchronized (DeviceClock.this) {
                return read.plus(offset).minus(offsetThen);
            }
        }

        @Override
        public <R> R store(Storing<R> storing) throws StoreException, InterruptedException {
            Instant time;
            synchronized (DeviceClock.this) {
                while (mover != null && !closed) {
                    DeviceClock.this.wait();
                }
                appending++;
                time = time();
            }
            try {
                return storing.at(time);
            } finally {
                synchronized (DeviceClock.this) {
                    appending--;
                    DeviceClock.this.notifyAll();
                }
            }
        }
    }

    /** Why samples should wait at the moment; empty: they need not. */
    synchronized Optional<String> doubt() {
        if (waiting.isEmpty()) {
            return Optional.empty();
        }
        String why = trouble;
        return Optional.of(
                why == null
                        ? "the clock was set, and samples from before are being moved to their true time"
                        : "the clock was set, and samples from before cannot be moved to their true time yet: " + why);
    }
}
