package io.tidewatch.scheduler;

import io.tidewatch.api.health.Health;
import io.tidewatch.api.health.HealthCheck;
import java.time.Clock;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.function.BiFunction;
import java.util.function.LongSupplier;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Runs collectors: finds for every name the one that runs, starts its passes on time, and shows its status. Knows no
 * framework. Safe for use by several threads.
 */
final class CollectorScheduler implements SchedulerSelf {
    /** How long running passes may continue when the scheduler stops, before they are interrupted. */
    static final Duration STOP_PATIENCE = Duration.ofSeconds(2);

    private static final Duration STOP_LIMIT = Duration.ofSeconds(3);
    private static final String NAME_PROPERTY = "collector.name";
    private static final Pattern NAME = Pattern.compile("[a-z][a-z0-9]*([._-][a-z0-9]+)*");
    private static final int LONGEST_NAME = 64;
    private static final Logger LOG = LoggerFactory.getLogger(CollectorScheduler.class);

    private final RunContext context;

    // Guarded by this.
    private final Map<String, CollectorRun> runs = new TreeMap<>();
    private final Map<Long, CollectorRun> homes = new HashMap<>();
    private final Map<Long, String> refused = new TreeMap<>();
    private boolean stopped;

    /**
     * @param clock stamps the passes while there is no other
     * @param health shows each collector's health, as {@code collector.<name>}; returns what takes it away again
     */
    CollectorScheduler(Clock clock, LongSupplier nanoTime, BiFunction<String, HealthCheck, Runnable> health) {
        this.context = new RunContext(
                new PassClock(clock, nanoTime),
                nanoTime,
                new TimerThread(nanoTime),
                new Timetable(nanoTime.getAsLong()),
                new Awaited<>(),
                new Awaited<>(),
                health,
                new DeclaredNames());
    }

    RunContext context() {
        return context;
    }

    /** A collector is offered; its first pass begins at once. One without a usable name is refused. */
    void add(CollectorOffer offer) {
        Runnable then;
        synchronized (this) {
            if (stopped) {
                return;
            }
            then = settle(nameOf(offer), offer);
        }
        then.run();
    }

    void update(CollectorOffer offer) {
        CollectorRun before;
        Runnable then = () -> {};
        synchronized (this) {
            before = homes.get(offer.id());
            if (stopped || (before == null && !refused.containsKey(offer.id()))) {
                return;
            }
            String name = nameOf(offer);
            if (before != null && name != null && runs.get(name) == before) {
                before.update(offer);
            } else {
                // Another name is another collector. Its pass under way is given up by the timer.
                forget(offer.id());
                then = settle(name, offer);
            }
        }
        if (before != null) {
            before.flush();
        }
        then.run();
    }

    /**
     * An offered collector goes. Interrupts its pass and waits for it, for two seconds at most; afterwards nothing of
     * that pass is stored any more.
     */
    void remove(long id) {
        CollectorRun run;
        Pass underWay;
        synchronized (this) {
            run = homes.get(id);
            underWay = forget(id);
        }
        if (run == null) {
            return;
        }
        if (underWay != null) {
            if (!underWay.isHung()) {
                awaitEnd(underWay, CollectorRun.PATIENCE.toNanos());
            }
            run.abandon(underWay);
        }
        run.flush();
    }

    /**
     * Starts no more passes, lets the running ones commit for two seconds, interrupts the rest, and waits for the
     * threads: three seconds in all. Called again it does nothing.
     */
    void stop() {
        List<CollectorRun> all;
        List<Pass> underWay = new ArrayList<>();
        synchronized (this) {
            if (stopped) {
                return;
            }
            stopped = true;
            all = List.copyOf(runs.values());
            all.forEach(run -> underWay.addAll(run.quiesce()));
            homes.clear();
            refused.clear();
        }
        // Waits are real, whatever clock the passes run on.
        long start = System.nanoTime();
        for (Pass pass : underWay) {
            if (!pass.isHung()) {
                awaitEnd(pass, start + STOP_PATIENCE.toNanos() - System.nanoTime());
            }
        }
        underWay.forEach(Pass::abandon);
        for (Pass pass : underWay) {
            join(pass, start + STOP_LIMIT.toNanos() - System.nanoTime());
        }
        all.forEach(CollectorRun::close);
        try {
            context.timer().close();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    /** Health of the scheduler itself: what it could not take. */
    Health health() {
        Map<String, Object> details = new LinkedHashMap<>();
        List<String> refusals;
        long active;
        synchronized (this) {
            refusals = List.copyOf(refused.values());
            active = runs.values().stream().filter(CollectorRun::isActive).count();
        }
        details.put("collectors", active);
        if (refusals.isEmpty()) {
            return Health.ok(active == 0 ? "no collector is installed and turned on" : "running", details);
        }
        details.put("refused", refusals);
        return Health.degraded(
                "a collector is refused: " + String.join("; ", refusals) + "; fix or remove its bundle", details);
    }

    @Override
    public synchronized SortedMap<String, Figures> figures() {
        SortedMap<String, Figures> all = new TreeMap<>();
        runs.forEach((name, run) -> all.put(name, run.figures()));
        return all;
    }

    /** What was kept and lost under a name, or null if no collector ever had it. */
    synchronized @Nullable SampleCounts counts(String name) {
        CollectorRun run = runs.get(name);
        return run == null ? null : run.counts();
    }

    /** Takes or refuses a collector; returns what to do once no lock is held. */
    private Runnable settle(@Nullable String name, CollectorOffer offer) {
        if (name == null) {
            return refuse(offer);
        }
        CollectorRun run = runs.computeIfAbsent(name, key -> new CollectorRun(key, context));
        homes.put(offer.id(), run);
        run.add(offer);
        return run::flush;
    }

    private @Nullable Pass forget(long id) {
        refused.remove(id);
        CollectorRun run = homes.remove(id);
        return run == null ? null : run.remove(id);
    }

    /** Refuses a collector; returns what logs that, unless it was said before. */
    private Runnable refuse(CollectorOffer offer) {
        Object name = offer.properties().get(NAME_PROPERTY);
        String refusal = "a service of bundle " + offer.bundle()
                + (name instanceof String text
                        ? " has the " + NAME_PROPERTY + " '" + Containment.oneLine(text) + "'"
                        : " has no " + NAME_PROPERTY)
                + "; accepted: lower-case letters and digits, separated by . _ or -, as in @CollectorProperties(name ="
                + " \"cpu\")";
        return refusal.equals(refused.put(offer.id(), refusal))
                ? () -> {}
                : () -> LOG.error("A collector is refused: {}", refusal);
    }

    private static @Nullable String nameOf(CollectorOffer offer) {
        if (!(offer.properties().get(NAME_PROPERTY) instanceof String own)) {
            return null;
        }
        String instance = ConfigurationFile.instance(offer.properties());
        String name = instance.isEmpty() ? own : own + "-" + instance;
        return name.length() <= LONGEST_NAME && NAME.matcher(name).matches() ? name : null;
    }

    private static void awaitEnd(Pass pass, long nanos) {
        try {
            if (!pass.awaitEnd(nanos)) {
                LOG.debug("A pass does not end and is given up");
            }
        } catch (InterruptedException e) {
            // The stopping thread was interrupted: the pass is abandoned now.
            Thread.currentThread().interrupt();
        }
    }

    private static void join(Pass pass, long nanos) {
        try {
            pass.join(Duration.ofNanos(nanos).toMillis());
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }
}
