package io.tidewatch.scheduler;

import io.tidewatch.api.clock.Stamp;
import io.tidewatch.api.health.Health;
import io.tidewatch.api.store.SampleStore;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.function.Predicate;
import java.util.function.Supplier;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * The collectors of one name: which one runs, with which settings, when next, and its status. Lives as long as the
 * scheduler, so that last good settings and figures outlast an update. No lock is held while foreign code is called: such
 * calls go through the outbox, and the methods that change something are followed by {@link #flush} once the caller holds
 * no lock. Lock order: scheduler, run, pass, timer.
 */
final class CollectorRun {
    /** How long a pass whose collector goes or is replaced may go on before it is given up. */
    static final Duration PATIENCE = Duration.ofSeconds(2);

    private final String name;
    private final RunContext context;
    private final Outbox outbox = new Outbox();

    // Guarded by this.
    private final List<Candidate> candidates = new ArrayList<>();
    private final CollectorReport report = new CollectorReport();
    private final KnownDamage damage = new KnownDamage();
    private final SettingsInForce inForce;
    private @Nullable Candidate running;
    private @Nullable Pass live;
    private final NextTick tick;
    private boolean begun;
    private final ShownHealth health;
    private boolean stopped;

    CollectorRun(String name, RunContext context) {
        this.name = name;
        this.context = context;
        inForce = new SettingsInForce(name, outbox);
        tick = new NextTick(context);
        health = new ShownHealth(outbox, () -> context.health().apply("collector." + name, this::health));
    }

    synchronized void add(CollectorOffer offer) {
        candidates.add(new Candidate(offer, declared -> context.declaredNames().add(name, declared)));
        reconsider();
    }

    synchronized void update(CollectorOffer offer) {
        candidates.stream()
                .filter(candidate -> candidate.offer().id() == offer.id())
                .forEach(candidate -> candidate.renew(offer));
        reconsider();
    }

    /** A service goes; returns its current pass, to be awaited and then {@linkplain #abandon abandoned}, or null. */
    synchronized @Nullable Pass remove(long id) {
        Predicate<Candidate> goes = candidate -> candidate.offer().id() == id;
        Candidate gone = candidates.stream().filter(goes).findFirst().orElse(null);
        candidates.remove(gone);
        if (candidates.isEmpty()) {
            context.declaredNames().remove(name);
        }
        reconsider();
        return gone == null ? null : gone.pass;
    }

    /** Gives up a pass of a service that does not run any more, so that its successor can begin. */
    void abandon(Pass pass) {
        synchronized (this) {
            if (pass.candidate() != running) {
                pass.abandon();
                if (live == pass) {
                    live = null;
                    proceed();
                }
            }
        }
        flush();
    }

    /** Starts no more passes. Returns those under way. */
    synchronized List<Pass> quiesce() {
        stopped = true;
        tick.cancel();
        return candidates.stream()
                .map(candidate -> candidate.pass)
                .flatMap(Stream::ofNullable)
                .toList();
    }

    /** After {@link #quiesce}: lets go of everything that no pass uses any more. */
    void close() {
        synchronized (this) {
            candidates.stream()
                    .filter(candidate -> candidate.pass == null)
                    .forEach(candidate -> outbox.add(candidate::release));
            candidates.clear();
            running = null;
            health.show(false);
        }
        flush();
    }

    /** Makes the calls to foreign code that were decided on. The caller holds no lock. */
    void flush() {
        outbox.flush();
    }

    /** Whether a service runs under this name and is not turned off. */
    synchronized boolean isActive() {
        return running != null && inForce.settings().enabled();
    }

    SampleCounts counts() {
        return report.counts();
    }

    SchedulerSelf.Figures figures() {
        return new SchedulerSelf.Figures(counts().collectedTotal(), counts().failedTotal(), report.durations());
    }

    /** The pass has returned; called on its thread, which does nothing any more, without a lock. */
    void ended(Pass pass, PassResult result) {
        synchronized (this) {
            Candidate candidate = pass.candidate();
            candidate.pass = null;
            if (live == pass) {
                live = null;
            }
            try {
                // A hung one was counted when it was found to be.
                if (result.succeeded() || !pass.isHung()) {
                    note(pass, result);
                }
                if (candidate == running) {
                    inForce.describeRejected(candidate);
                }
            } finally {
                if (candidate != running || !inForce.settings().enabled()) {
                    outbox.add(candidate::release);
                }
                proceed();
            }
        }
        flush();
    }

    /** The pass was interrupted a second ago and is still there: its thread is left alone until it returns. */
    void hung(Pass pass, PassResult result) {
        synchronized (this) {
            if (pass.candidate().pass != pass) {
                return;
            }
            note(pass, result);
            if (pass.candidate() != running) {
                String bundle = pass.candidate().offer().bundle();
                outbox.add(() -> CollectorLog.leftBehind(name, bundle));
            }
        }
        flush();
    }

    private void note(Pass pass, PassResult result) {
        CollectorReport.State before = report.state();
        PassResult.Failure failure = result.failure();
        boolean ownFault = failure == null || failure.loss() != Loss.REMOVED;
        if (pass.candidate() == running && ownFault) {
            report.record(result);
        } else {
            report.count(result);
        }
        CollectorReport.State after = report.state();
        if (pass.candidate() == running && result.succeeded()) {
            KnownDamage.Change change = damage.update(result.diagnostics());
            outbox.add(() -> CollectorLog.damage(name, change));
        }
        outbox.add(() -> CollectorLog.pass(
                name, before, after, result, context.store().now().flatMap(SampleStore::session)));
    }

    /** Who runs, and how, after any change of candidates or properties. */
    private void reconsider() {
        if (stopped) {
            return;
        }
        Collections.sort(candidates);
        Candidate first = candidates.isEmpty() ? null : candidates.get(0);
        CollectorSettings before = inForce.settings();
        if (first != null) {
            inForce.read(first);
        }
        if (first != running) {
            takeOver(first);
            proceed();
        } else if (first != null) {
            adjust(first, before);
        }
        health.show(first != null);
    }

    private void takeOver(@Nullable Candidate successor) {
        Candidate predecessor = running;
        Pass underWay = live;
        running = successor;
        begun = false;
        tick.cancel();
        report.startAfresh();
        if (underWay != null) {
            underWay.stopCollecting();
            context.timer().after(PATIENCE.toNanos(), () -> abandon(underWay));
        }
        if (predecessor != null && predecessor.pass == null) {
            outbox.add(predecessor::release);
        }
    }

    private void adjust(Candidate candidate, CollectorSettings before) {
        if (!inForce.settings().enabled()) {
            tick.cancel();
            if (before.enabled() && candidate.pass == null) {
                outbox.add(candidate::release);
            }
        } else if (!before.enabled() || !inForce.settings().interval().equals(before.interval())) {
            begun &= before.enabled();
            proceed();
        }
    }

    /** The next step of the running collector, if nothing is in its way. */
    private void proceed() {
        Candidate next = running;
        if (stopped || next == null || !inForce.settings().enabled() || live != null || next.pass != null) {
            return;
        }
        if (begun) {
            tick.schedule(inForce.settings().interval(), this::tick);
        } else {
            startPass(next, context.clock()::now);
        }
    }

    private void tick(long due) {
        synchronized (this) {
            Candidate next = running;
            if (!stopped && next != null && inForce.settings().enabled() && live == null && next.pass == null) {
                startPass(next, () -> context.clock().ofTick(due));
            }
        }
        flush();
    }

    private void startPass(Candidate candidate, Supplier<Stamp> clock) {
        begun = true;
        tick.started();
        try {
            Pass pass = new Pass(name, candidate, inForce.settings(), clock, context, this);
            candidate.pass = pass;
            live = pass;
            pass.start();
        } catch (Throwable t) {
            // No memory for a thread: the pass is lost, the next one is not.
            Pass unstarted = live;
            candidate.pass = null;
            live = null;
            tick.schedule(inForce.settings().interval(), this::tick);
            if (unstarted != null) {
                unstarted.neverStarted();
                note(unstarted, PassResult.noThread(unstarted, t));
            }
        }
    }

    private synchronized Health health() {
        Candidate candidate = running;
        if (candidate == null) {
            return Health.ok("taken away", Map.of());
        }
        Pass pass = candidate.pass;
        return report.health(
                inForce.settings(),
                inForce.rejected(),
                candidate.offer().bundle(),
                candidates.size() - 1,
                pass != null && pass.isHung() ? pass.timestamp() : null);
    }
}
