package io.tidewatch.uploader.victoriametrics;

import io.tidewatch.api.store.SampleStore;
import io.tidewatch.api.store.StoreException;
import java.time.Clock;
import java.time.Duration;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The thread that runs a cycle every interval, for ever: nothing is dropped because a server was down. It outlives
 * changed settings and a store that comes and goes.
 */
final class UploadLoop implements AutoCloseable {
    private static final Logger LOG = LoggerFactory.getLogger(UploadLoop.class);
    private static final int INTERVAL_JITTER_PERCENT = 10;
    private static final Duration JOIN_LIMIT = Duration.ofSeconds(3);

    /** What runs in one cycle; the settings of a cycle do not change while it runs. */
    private record Round(UploaderSettings settings, Authorization authorization) {
        static Round of(UploaderSettings settings) {
            return new Round(settings, new Authorization(settings.tokenFile(), settings.userInfo()));
        }
    }

    private final Supplier<@Nullable SampleStore> store;
    private final UploadProgress progress;
    private final ImportClient client;
    private final Backoff backoff;
    private final UploadCycle cycle;
    private final Thread thread = new Thread(this::run, "tidewatch-uploader");
    private final ReentrantLock lock = new ReentrantLock();
    private final Condition woken = lock.newCondition();
    private volatile Round round;
    private boolean changed;
    private boolean stopped;
    private boolean wasFailing;
    private long uploadedBefore;

    /**
     * @param store the store, or null while there is none; asked before each cycle
     * @param settings the first settings
     * @param progress told what is achieved
     * @param client sends; closed with the loop
     */
    UploadLoop(
            Supplier<@Nullable SampleStore> store,
            UploaderSettings settings,
            UploadProgress progress,
            ImportClient client,
            Backoff backoff,
            Clock clock) {
        this.store = store;
        this.round = Round.of(settings);
        this.progress = progress;
        this.client = client;
        this.backoff = backoff;
        this.cycle = new UploadCycle(client, backoff, progress, clock, this::pause);
    }

    /** Starts the thread; the first cycle begins at once. */
    void start() {
        thread.start();
    }

    /** Takes new settings; a wait ends and the next cycle begins at once. */
    void change(UploaderSettings settings) {
        lock.lock();
        try {
            round = Round.of(settings);
            wake();
        } finally {
            lock.unlock();
        }
    }

    /** Ends a wait, so that the next cycle begins at once. */
    void wake() {
        lock.lock();
        try {
            changed = true;
            woken.signalAll();
        } finally {
            lock.unlock();
        }
    }

    /** The settings in force. */
    UploaderSettings settings() {
        return round.settings();
    }

    /** The credentials in force. */
    Authorization authorization() {
        return round.authorization();
    }

    /** Stops the thread: a wait and a request end at once, what was under way stays pending. */
    @Override
    public void close() {
        lock.lock();
        try {
            stopped = true;
            woken.signalAll();
        } finally {
            lock.unlock();
        }
        client.close();
        try {
            thread.join(JOIN_LIMIT.toMillis());
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    private void run() {
        try {
            while (!isStopped()) {
                Round now = begin();
                Duration leaveAlone = now.settings().uploads() ? cycle(now) : Duration.ZERO;
                sleepUntilNext(now.settings(), leaveAlone);
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    private Round begin() {
        lock.lock();
        try {
            changed = false;
            return round;
        } finally {
            lock.unlock();
        }
    }

    private Duration cycle(Round now) throws InterruptedException {
        SampleStore current = store.get();
        if (current == null) {
            return Duration.ZERO;
        }
        UploaderSettings settings = now.settings();
        Duration leaveAlone = Duration.ZERO;
        try {
            leaveAlone = cycle.run(
                    current,
                    settings,
                    new ImportClient.Target(
                            settings.url().orElseThrow(), now.authorization(), settings.headers(), settings.timeout()));
        } catch (StoreException e) {
            progress.failed("store", "The store cannot hand out samples: " + e.getMessage());
        } catch (RuntimeException e) {
            if (store.get() == current) {
                progress.failed("bug", "An upload failed unexpectedly: " + e);
                LOG.error("An upload failed unexpectedly; it is tried again", e);
            }
            // Else the store went away in the middle: what was under way stays pending in it.
        }
        logChange();
        return leaveAlone;
    }

    /** Logs the begin and the end of an outage, once each. */
    private void logChange() {
        boolean failing = progress.isFailing();
        if (failing && !wasFailing) {
            LOG.warn(
                    "Uploads fail and are tried again until they arrive: {}",
                    progress.health(settings().interval(), null).message());
        } else if (!failing && wasFailing) {
            LOG.info("Uploads arrive again, {} samples since they stopped", progress.uploaded() - uploadedBefore);
        } else if (uploadedBefore == 0 && progress.uploaded() > 0) {
            LOG.info("The first {} samples have arrived", progress.uploaded());
        }
        if (!failing || !wasFailing) {
            uploadedBefore = progress.uploaded();
        }
        wasFailing = failing;
    }

    private void sleepUntilNext(UploaderSettings settings, Duration leaveAlone) throws InterruptedException {
        Duration interval = Duration.ofMillis(
                Math.round(settings.interval().toMillis() * backoff.scatter(INTERVAL_JITTER_PERCENT)));
        Duration wait = leaveAlone.compareTo(interval) > 0 ? leaveAlone : interval;
        progress.nextAttemptIn(wait);
        pause(wait);
    }

    /** Waits; false if it was woken before, by new settings or by the stop. */
    private boolean pause(Duration wait) throws InterruptedException {
        long end = System.nanoTime() + wait.toNanos();
        lock.lock();
        try {
            while (!stopped && !changed) {
                long left = end - System.nanoTime();
                if (left <= 0) {
                    return true;
                }
                woken.await(left, TimeUnit.NANOSECONDS);
            }
            return false;
        } finally {
            lock.unlock();
        }
    }

    private boolean isStopped() {
        lock.lock();
        try {
            return stopped;
        } finally {
            lock.unlock();
        }
    }
}
