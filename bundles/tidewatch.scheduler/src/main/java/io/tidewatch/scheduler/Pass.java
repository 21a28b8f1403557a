package io.tidewatch.scheduler;

import io.tidewatch.api.clock.Stamp;
import io.tidewatch.api.collector.DynamicCollector;
import io.tidewatch.api.collector.Sample;
import io.tidewatch.api.collector.TimedSamples;
import io.tidewatch.api.device.Device;
import io.tidewatch.api.store.AppendResult;
import io.tidewatch.api.store.SampleBatch;
import io.tidewatch.api.store.SampleStore;
import io.tidewatch.api.store.StoreException;
import java.time.Duration;
import java.time.Instant;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.function.Function;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * One pass of one collector, on a thread of its own: collect, wait for device and store, append. It ends in exactly one
 * {@link CollectorRun#ended}, whatever the collector throws.
 *
 * <p>A thread of its own, rather than one of a pool, can be interrupted without hitting another pass, and left behind
 * when the collector never returns. There are at most as many as collectors.
 */
final class Pass {
    /** How long an append may take before it is interrupted: longer than any pause of an SD card that recovers. */
    static final Duration STORE_LIMIT = Duration.ofSeconds(30);

    /** From the interrupt until the pass counts as hung. */
    static final Duration HUNG_AFTER = Duration.ofSeconds(1);

    /** What it does, and what its samples are lost to if that takes too long. */
    private enum Phase {
        COLLECTING(Loss.TIMEOUT),
        AWAITING_DEVICE(Loss.DEVICE_UNAVAILABLE),
        AWAITING_STORE(Loss.STORE_UNAVAILABLE),
        APPENDING(Loss.STORE_TIMEOUT),
        ENDED(Loss.TIMEOUT);

        private final Loss tooLong;

        Phase(Loss tooLong) {
            this.tooLong = tooLong;
        }
    }

    private final Candidate candidate;
    private final CollectorSettings settings;
    private final Supplier<Stamp> clock;
    private final RunContext context;
    private final CollectorRun run;
    private final Thread thread;
    private final CountDownLatch ended = new CountDownLatch(1);
    private final long begun;
    // Guarded by this.
    private Phase phase = Phase.COLLECTING;
    private @Nullable Loss cut;
    private TimerThread.@Nullable Alarm limit;
    private boolean hung;

    // The pass's own thread writes them; `hung` may read them a little late.
    private volatile Stamp stamp;
    private volatile Harvest harvest = Harvest.NOTHING;

    /** @param clock gives the moment that its samples carry, when it begins to collect */
    Pass(
            String name,
            Candidate candidate,
            CollectorSettings settings,
            Supplier<Stamp> clock,
            RunContext context,
            CollectorRun run) {
        this.candidate = candidate;
        this.settings = settings;
        this.clock = clock;
        this.context = context;
        this.run = run;
        this.begun = context.nanoTime().getAsLong();
        this.stamp = context.clock().now();
        // A daemon: what a collector that never returns would still do is not worth a process that never ends.
        this.thread = new Thread(null, this::run, "tidewatch-collector-" + name, 0, false);
        thread.setDaemon(true);
        // What it loads by name is its own, and threads that it starts are known by it.
        thread.setContextClassLoader(candidate.offer().classLoader());
    }

    /** Starts its thread; throws what {@link Thread#start} throws, an OutOfMemoryError if no thread can be created. */
    void start() {
        thread.start();
    }

    synchronized void neverStarted() {
        phase = Phase.ENDED;
        clearLimit();
        ended.countDown();
    }

    Candidate candidate() {
        return candidate;
    }

    Instant timestamp() {
        return stamp.time();
    }

    /** Whether it was interrupted and did not return within a second. */
    synchronized boolean isHung() {
        return hung;
    }

    /** Its collector is going: what it still collects is not wanted, what it has collected may be stored. */
    synchronized void stopCollecting() {
        if (phase == Phase.COLLECTING) {
            cut(Loss.REMOVED);
        }
    }

    /** Whatever it does now is not wanted any more. */
    synchronized void abandon() {
        if (phase != Phase.ENDED) {
            cut(Loss.REMOVED);
        }
    }

    /** Waits until it has ended; returns whether. At once on its own thread, where a collector takes itself away. */
    boolean awaitEnd(long nanos) throws InterruptedException {
        return Thread.currentThread() == thread || ended.await(nanos, TimeUnit.NANOSECONDS);
    }

    void join(long millis) throws InterruptedException {
        if (Thread.currentThread() != thread && millis > 0) {
            thread.join(millis);
        }
    }

    private void run() {
        PassResult result = PassResult.UNDESCRIBED;
        try {
            result = attempt();
        } finally {
            synchronized (this) {
                phase = Phase.ENDED;
                clearLimit();
            }
            try {
                run.ended(this, result);
            } finally {
                ended.countDown();
            }
        }
    }

    private PassResult attempt() {
        try {
            enter(Phase.COLLECTING, settings.timeout());
            return collectAndStore();
        } catch (Throwable t) {
            return failedBy(t);
        }
    }

    private PassResult collectAndStore() throws Exception {
        Candidate.Held held = candidate.obtain();
        candidate.examineSettings();
        stamp = clock.get();
        harvest = Harvest.of(held.collector().collect(), held::accepts);
        harvest = harvest.with(held, timestamp(), context.declaredNames());
        thread.setContextClassLoader(Pass.class.getClassLoader());
        enter(Phase.AWAITING_DEVICE, settings.timeout());
        if (harvest.size() == 0) {
            return result(0, harvest.dropped(), harvest.remark());
        }
        Device device = context.device().await();
        AppendResult appended = append(time -> batch(device, time, harvest.samples(), false));
        for (TimedSamples group : harvest.timed()) {
            appended = appended.and(append(time -> batch(device, group.time(), group.samples(), true)));
        }
        Map<String, Integer> dropped = new HashMap<>(harvest.dropped());
        appended.dropped().forEach((reason, count) -> dropped.merge(reason, count, Integer::sum));
        // A duplicate is in the store as well: the first attempt had been committed before its store went.
        int kept = appended.stored() + appended.duplicates();
        if (held.collector() instanceof DynamicCollector dynamic) {
            Containment.quietly(dynamic::stored);
        }
        return result(kept, dropped, harvest.remark(appended));
    }

    private SampleBatch batch(Device device, Instant time, List<Sample> samples, boolean ofSource) {
        return new SampleBatch(
                time,
                device.id(),
                candidate.labels(device),
                settings.priority(),
                settings.interval(),
                samples,
                ofSource);
    }

    private PassResult result(int kept, Map<String, Integer> dropped, String remark) {
        return new PassResult(timestamp(), elapsed(), kept, dropped, remark, harvest.diagnostics(), null);
    }

    private AppendResult append(Function<Instant, SampleBatch> batch)
            throws StoreException, InterruptedException, LossException {
        while (true) {
            enter(Phase.AWAITING_STORE, settings.timeout());
            SampleStore store = context.store().await();
            enter(Phase.APPENDING, STORE_LIMIT);
            try {
                return stamp.store(time -> store.append(batch.apply(time)));
            } catch (StoreException | RuntimeException | LinkageError e) {
                if (context.store().isPresent(store)) {
                    throw e;
                }
                // It went while it was asked. Its successor may be: what is appended twice is stored once.
            }
        }
    }

    /** Begins a phase with its own limit, unless the pass is not wanted any more. */
    private synchronized void enter(Phase next, Duration longest) throws LossException {
        Loss reason = cut;
        if (reason != null) {
            throw new LossException(reason, "");
        }
        clearLimit();
        // The collector may have left its thread interrupted.
        Thread.interrupted();
        phase = next;
        limit = context.timer().after(longest.toNanos(), () -> expire(next));
    }

    private synchronized void expire(Phase expired) {
        if (phase == expired && cut == null) {
            cut(expired.tooLong);
        }
    }

    /** Called with the lock, so that the interrupt cannot come after the end. */
    private void cut(Loss reason) {
        if (cut == null) {
            cut = reason;
            clearLimit();
            limit = context.timer().after(HUNG_AFTER.toNanos(), this::declareHung);
        }
        thread.interrupt();
    }

    private void declareHung() {
        synchronized (this) {
            if (phase == Phase.ENDED) {
                return;
            }
            hung = true;
        }
        run.hung(this, failedBy(new LossException(Loss.TIMEOUT, "")));
    }

    private void clearLimit() {
        context.timer().cancel(limit);
        limit = null;
    }

    private PassResult failedBy(Throwable thrown) {
        Harvest lost = harvest;
        return new PassResult(
                timestamp(), elapsed(), 0, lost.dropped(), lost.remark(), lost.diagnostics(), failure(thrown, lost));
    }

    private PassResult.Failure failure(Throwable thrown, Harvest harvest) {
        boolean storing;
        Loss loss;
        synchronized (this) {
            storing = phase != Phase.COLLECTING;
            loss = cut;
        }
        int lost = Math.max(1, harvest.size());
        return loss != null
                ? PassResult.Failure.cut(loss, lost, settings.timeout(), STORE_LIMIT)
                : PassResult.Failure.thrown(thrown, lost, storing);
    }

    private long elapsed() {
        return context.nanoTime().getAsLong() - begun;
    }
}
