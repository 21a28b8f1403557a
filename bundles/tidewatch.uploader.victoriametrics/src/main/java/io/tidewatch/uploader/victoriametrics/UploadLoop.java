package io.tidewatch.uploader.victoriametrics;

import io.tidewatch.api.store.SampleStore;
import io.tidewatch.api.store.StoreException;
import io.tidewatch.uploader.victoriametrics.Answer.Failure;
import io.tidewatch.uploader.victoriametrics.Answer.Retry;
import java.time.Clock;
import java.time.Duration;
import java.util.Optional;
import java.util.function.BooleanSupplier;
import java.util.function.LongSupplier;
import java.util.function.Supplier;
import java.util.random.RandomGenerator;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * What the uploader's thread does until it is told to stop: a cycle, a wait, a cycle. A cycle that went well is followed
 * by the next one interval behind its start, one that failed by the next an interval behind its end. Intervals are
 * jittered, so that a fleet that came up together does not call together.
 */
final class UploadLoop implements Runnable {
    private static final Logger LOG = LoggerFactory.getLogger(UploadLoop.class);
    private static final int INTERVAL_JITTER_PERCENT = 10;

    /** Without anything to do; whatever changes that ends the wait. */
    private static final Duration IDLE = Duration.ofHours(1);

    private final Supplier<@Nullable SampleStore> store;
    private final Supplier<UploaderSettings> settings;
    private final Courier courier;
    private final UploadReport report;
    private final Clock clock;
    private final LongSupplier nanoTime;
    private final RandomGenerator random;
    private final Pause pause;

    private volatile boolean stopped;

    /** Until when a server has asked to be left alone; other settings may mean another server, or another answer. */
    private long notBefore;

    private @Nullable UploaderSettings postponedFor;

    /**
     * @param store the store of the moment, or null
     * @param settings the settings of the moment
     * @param courier brings deliveries to the server; closed at the end of {@link #run}
     * @param report gets what happens
     * @param clock the time of the device
     * @param nanoTime monotonic nanoseconds
     * @param random for jitter
     * @param pause waits; ended early by whoever changes store or settings, or stops this
     */
    UploadLoop(
            Supplier<@Nullable SampleStore> store,
            Supplier<UploaderSettings> settings,
            Courier courier,
            UploadReport report,
            Clock clock,
            LongSupplier nanoTime,
            RandomGenerator random,
            Pause pause) {
        this.store = store;
        this.settings = settings;
        this.courier = courier;
        this.report = report;
        this.clock = clock;
        this.nanoTime = nanoTime;
        this.random = random;
        this.pause = pause;
    }

    /** Makes {@link #run} return, behind the request that is under way. */
    void stop() {
        stopped = true;
    }

    @Override
    public void run() {
        try (courier) {
            while (!stopped) {
                Duration wait = cycle();
                report.waiting(wait);
                pause.await(wait);
                report.working();
            }
        } catch (InterruptedException e) {
            // Nobody interrupts this thread but whoever wants it to end.
            LOG.debug("Interrupted");
        }
    }

    /**
     * Delivers what is pending, unless the server has asked to be left alone.
     *
     * @return how long to wait
     */
    Duration cycle() throws InterruptedException {
        UploaderSettings now = settings.get();
        SampleStore source = store.get();
        Optional<Endpoint> endpoint = now.endpoint();
        if (!now.enabled() || endpoint.isEmpty() || source == null) {
            return IDLE;
        }
        long start = nanoTime.getAsLong();
        if (now.equals(postponedFor) && notBefore - start > 0) {
            return Duration.ofNanos(notBefore - start);
        }
        BooleanSupplier changed = () -> stopped || !settings.get().equals(now) || store.get() != source;
        DrainCycle cycle = new DrainCycle(source, now, endpoint.get(), courier, clock, changed);
        Failure failure = run(cycle, source);
        if (changed.getAsBoolean()) {
            return Duration.ZERO;
        }
        Duration interval = Backoff.jittered(now.uploadInterval(), INTERVAL_JITTER_PERCENT, random);
        if (failure == null) {
            report.cycleFine(endpoint.get().server());
            Duration left = interval.minusNanos(nanoTime.getAsLong() - start);
            return left.isNegative() ? Duration.ZERO : left;
        }
        report.cycleFailed(failure);
        if (cycle.postponement().isPresent()) {
            notBefore = nanoTime.getAsLong() + cycle.postponement().get().toNanos();
            postponedFor = now;
        }
        return cycle.postponement()
                .filter(asked -> asked.compareTo(interval) > 0)
                .orElse(interval);
    }

    private @Nullable Failure run(DrainCycle cycle, SampleStore source) throws InterruptedException {
        try {
            cycle.run();
            return cycle.failure();
        } catch (StoreException e) {
            return storeFailure(e, source);
        } catch (RuntimeException | Error e) {
            if (store.get() != source) {
                return storeFailure(e, source);
            }
            // The thread lives on: the next cycle may be luckier, and without it nothing is delivered until a restart.
            LOG.error("A cycle broke off, its samples stay pending", e);
            return new Retry("bug", "the cycle broke off (" + e + "): please report the entry in the log");
        }
    }

    /** A store that goes away in the middle of a delivery takes its samples with it, still pending. */
    private @Nullable Failure storeFailure(Throwable problem, SampleStore source) {
        if (store.get() != source) {
            LOG.debug("The store went away while its samples were delivered; they stay pending there", problem);
            return null;
        }
        return new Retry("store", "the store does not work: " + problem.getMessage());
    }
}
