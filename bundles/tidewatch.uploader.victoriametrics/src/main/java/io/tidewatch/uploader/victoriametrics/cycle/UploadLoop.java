package io.tidewatch.uploader.victoriametrics.cycle;

import io.tidewatch.api.health.Exhaustion;
import io.tidewatch.api.store.AbandonedDeliveryException;
import io.tidewatch.api.store.SampleStore;
import io.tidewatch.api.store.StoreException;
import io.tidewatch.uploader.victoriametrics.answer.Answer.Failure;
import io.tidewatch.uploader.victoriametrics.failure.Reason;
import io.tidewatch.uploader.victoriametrics.failure.Reason.Trait;
import io.tidewatch.uploader.victoriametrics.report.UploadReport;
import io.tidewatch.uploader.victoriametrics.settings.Endpoint;
import io.tidewatch.uploader.victoriametrics.settings.RetrySettings;
import io.tidewatch.uploader.victoriametrics.settings.UploaderSettings;
import io.tidewatch.uploader.victoriametrics.timing.Timing;
import java.net.URI;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.function.BooleanSupplier;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * What the uploader's thread does until it is told to stop: a cycle, a wait, a cycle. A cycle that went well is followed
 * by the next one interval behind its start, one that failed by the next an interval behind its end. Intervals are
 * jittered, so that a fleet that came up together does not call together.
 */
public final class UploadLoop implements Runnable {
    private static final Logger LOG = LoggerFactory.getLogger(UploadLoop.class);
    private static final int INTERVAL_JITTER_PERCENT = 10;

    /** Between two looks at a clock that cannot be believed. */
    private static final Duration HELD = Duration.ofSeconds(1);

    /** Between two looks for the first samples there are, so that a new agent soon shows at the server. */
    private static final Duration FIRST = Duration.ofSeconds(1);

    /** Without anything to do; whatever changes that ends the wait. */
    private static final Duration IDLE = Duration.ofHours(1);

    private final Supplier<@Nullable SampleStore> store;
    private final Supplier<UploaderSettings> settings;
    private final Supplier<Optional<String>> doubt;
    private final UploadCycle.Deliverers deliverers;
    private final UploadReport report;
    private final Timing timing;

    private volatile boolean stopped;
    private volatile boolean askingOnceMore;

    /** When the first cycle began, until something was delivered or an interval has passed. */
    private @Nullable Long firstCycle;

    private boolean underWay;
    private @Nullable URI server;

    /** Until when a server has asked to be left alone; other settings may mean another server, or another answer. */
    private long notBefore;

    private @Nullable UploaderSettings postponedFor;

    /** Why the last cycle failed: another network or other files may help. */
    private @Nullable Failure failed;

    /** What the files were like before the last cycle. */
    private List<String> files = List.of();

    /** @param doubt why the clock is not to be believed at the moment */
    public UploadLoop(
            Supplier<@Nullable SampleStore> store,
            Supplier<UploaderSettings> settings,
            Supplier<Optional<String>> doubt,
            UploadCycle.Deliverers deliverers) {
        this.store = store;
        this.settings = settings;
        this.doubt = doubt;
        this.deliverers = deliverers;
        this.report = deliverers.report();
        this.timing = deliverers.timing();
    }

    /** Makes {@link #run} return, behind the request that is under way. */
    public void stop() {
        stopped = true;
    }

    @Override
    public void run() {
        try {
            while (!stopped) {
                Duration wait = cycle();
                report.state().waiting(wait);
                await(wait);
                report.state().working();
            }
        } catch (InterruptedException e) {
            // An interrupt is a request to end.
            LOG.debug("Interrupted");
        } finally {
            askOnceMore();
        }
    }

    /** Whether all that keeps {@link #run} from its end is a last question to the server. */
    public boolean asksOnceMore() {
        return askingOnceMore;
    }

    private void askOnceMore() {
        UploaderSettings now = settings.get();
        SampleStore source = store.get();
        if (now.delivering() && source != null) {
            askingOnceMore = true;
            uploadTo(now.requireEndpoint());
            try {
                deliverers.watch().stopping(source, now);
            } catch (StoreException | RuntimeException e) {
                LOG.debug("What a restarted server may have lost is resent after the next start", e);
            }
        }
    }

    /** Delivers what is pending, unless the server has asked to be left alone; returns how long to wait. */
    public Duration cycle() throws InterruptedException {
        UploaderSettings now = settings.get();
        SampleStore source = store.get();
        if (!now.delivering() || source == null) {
            return IDLE;
        }
        long start = timing.nanoTime().getAsLong();
        failed = null;
        if (now.equals(postponedFor) && notBefore - start > 0) {
            return Duration.ofNanos(notBefore - start);
        }
        Optional<String> why = doubt.get();
        report.state().held(why);
        if (why.isPresent()) {
            return HELD;
        }
        BooleanSupplier changed = () -> stopped
                || !settings.get().equals(now)
                || store.get() != source
                || doubt.get().isPresent();
        files = now.fileStamps();
        uploadTo(now.requireEndpoint());
        UploadCycle cycle = new UploadCycle(source, now, deliverers, changed);
        Failure failure = run(cycle, source);
        if (changed.getAsBoolean()) {
            return Duration.ZERO;
        }
        Duration interval = RetrySettings.jittered(now.uploadInterval(), INTERVAL_JITTER_PERCENT, timing.random());
        if (failure == null) {
            report.fine();
            Duration left = pace(interval, start).minusNanos(timing.nanoTime().getAsLong() - start);
            return left.isNegative() ? Duration.ZERO : left;
        }
        report.state().cycleFailed(failure);
        failed = failure;
        if (cycle.postponement().isPresent()) {
            notBefore =
                    timing.nanoTime().getAsLong() + cycle.postponement().get().toNanos();
            postponedFor = now;
        }
        return cycle.postponement()
                .filter(asked -> asked.compareTo(interval) > 0)
                .orElse(interval);
    }

    /** What is known of one server does not count for another. */
    private void uploadTo(Endpoint endpoint) {
        if (!endpoint.url().equals(server)) {
            server = endpoint.url();
            deliverers.sender().forget();
            deliverers.watch().forget();
        }
    }

    /** From the start of a cycle that went well to the start of the next. */
    private Duration pace(Duration interval, long start) {
        if (!underWay) {
            long first = firstCycle == null ? start : firstCycle;
            firstCycle = first;
            underWay = report.figures().uploaded() > 0 || start - first >= interval.toNanos();
        }
        return underWay || interval.compareTo(FIRST) < 0 ? interval : FIRST;
    }

    /** Waits for the next cycle; less if what kept this one from its end changes: network, or files. */
    private void await(Duration wait) throws InterruptedException {
        Failure why = failed;
        if (why != null && why.reason().is(Trait.FILES)) {
            timing.pause().awaitFiles(wait, () -> !settings.get().fileStamps().equals(files));
        } else if (why != null && why.reason().is(Trait.NETWORK)) {
            timing.pause().awaitNetwork(wait);
        } else {
            timing.pause().await(wait);
        }
    }

    private @Nullable Failure run(UploadCycle cycle, SampleStore source) throws InterruptedException {
        try {
            cycle.run();
            return cycle.failure();
        } catch (AbandonedDeliveryException e) {
            LOG.debug("Samples were moved or made pending again while they were delivered; they are sent again", e);
            return null;
        } catch (StoreException | RuntimeException | Error e) {
            if (store.get() != source) {
                // It takes its samples with it, still pending.
                LOG.debug("The store went away while its samples were delivered; they stay pending there", e);
                return null;
            }
            if (e instanceof StoreException) {
                return new Failure(Reason.STORE, "the store does not work: " + e.getMessage());
            }
            // The thread lives on: the next cycle may be luckier, and without it nothing is delivered until a restart.
            LOG.error("The upload cycle failed unexpectedly; its samples stay pending and will be sent again", e);
            String advice = e instanceof OutOfMemoryError ? Exhaustion.ADVICE : "please report the entry in the log";
            return new Failure(Reason.BUG, "the upload cycle failed unexpectedly (" + e + "): " + advice);
        }
    }
}
