package io.tidewatch.health;

import static org.osgi.service.component.annotations.ReferenceCardinality.MULTIPLE;
import static org.osgi.service.component.annotations.ReferencePolicy.DYNAMIC;

import io.tidewatch.api.health.Exhaustion;
import io.tidewatch.api.health.Health;
import io.tidewatch.api.health.HealthCheck;
import io.tidewatch.api.health.HealthOverview;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;
import org.osgi.framework.Bundle;
import org.osgi.framework.BundleContext;
import org.osgi.framework.ServiceReference;
import org.osgi.service.component.annotations.Activate;
import org.osgi.service.component.annotations.Component;
import org.osgi.service.component.annotations.Reference;

/**
 * Asks the health checks, one round at a time, on a thread that exists for the round. Callers that come during a round get
 * its answers. A check that does not answer keeps its thread, which ends when it does; the round ends without it, and the
 * next ones leave it out. Those that have answered before are asked first, so that a new one delays none of them. While there
 * is no thread for a round, the answers are those of the last one, and an error of {@code health} says so.
 */
@Component
public final class HealthAsker implements HealthOverview {
    static final Duration DEADLINE = Duration.ofSeconds(1);

    private final @Nullable BundleContext context;
    private final Duration deadline;
    private final Consumer<Thread> starter;
    private final Map<Object, AskedCheck> checks = new ConcurrentHashMap<>();

    /** Guarded by this. */
    private @Nullable CountDownLatch round;

    /** Why there was no thread for the last round; null if there was one. */
    private volatile @Nullable String threadless;

    @Activate
    public HealthAsker(BundleContext context) {
        this(context, DEADLINE, Thread::start);
    }

    /** @param starter starts the threads of the rounds */
    HealthAsker(@Nullable BundleContext context, Duration deadline, Consumer<Thread> starter) {
        this.context = context;
        this.deadline = deadline;
        this.starter = starter;
    }

    /** For Declarative Services: a check without a name is not asked. It is got when it is asked, as that is foreign code. */
    @Reference(
            service = HealthCheck.class,
            target = "(" + HealthCheck.NAME + "=*)",
            cardinality = MULTIPLE,
            policy = DYNAMIC)
    void bindCheck(ServiceReference<HealthCheck> reference) {
        Bundle bundle = reference.getBundle();
        BundleContext ours = context;
        add(
                reference,
                new AskedCheck(
                        String.valueOf(reference.getProperty(HealthCheck.NAME)),
                        bundle == null ? "uninstalled" : bundle.getSymbolicName() + " " + bundle.getVersion(),
                        () -> ours == null ? null : ours.getService(reference)));
    }

    void unbindCheck(ServiceReference<HealthCheck> reference) {
        checks.remove(reference);
    }

    void add(Object key, AskedCheck check) {
        checks.put(key, check);
    }

    @Override
    public SortedMap<String, Health> components() {
        CountDownLatch mine = new CountDownLatch(1);
        CountDownLatch running;
        synchronized (this) {
            running = round;
            if (running == null) {
                round = mine;
            }
        }
        if (running != null) {
            await(running, deadline.toNanos());
        } else {
            try {
                ask();
            } finally {
                synchronized (this) {
                    round = null;
                }
                mine.countDown();
            }
        }
        return answers();
    }

    private void ask() {
        List<AskedCheck> asked = new ArrayList<>(checks.values());
        asked.sort(Comparator.comparing((AskedCheck check) -> !check.isProven()).thenComparing(AskedCheck::timesLate));
        CountDownLatch done = new CountDownLatch(1);
        AtomicBoolean over = new AtomicBoolean();
        Thread thread = new Thread(() -> ask(asked, done, over), "tidewatch-health-checks");
        // A daemon: a check that never answers keeps no process from its end.
        thread.setDaemon(true);
        try {
            starter.accept(thread);
            threadless = null;
        } catch (OutOfMemoryError e) {
            threadless = String.valueOf(e.getMessage());
            return;
        }
        boolean late = !await(done, deadline.toNanos());
        asked.forEach(AskedCheck::expire);
        over.set(true);
        if (late) {
            // What waits for something may give up.
            thread.interrupt();
        }
    }

    private static void ask(List<AskedCheck> checks, CountDownLatch done, AtomicBoolean over) {
        for (AskedCheck check : checks) {
            if (over.get()) {
                // The next round asks the others. An interrupt may have been taken by the check.
                return;
            }
            if (check.begin()) {
                check.ask();
            }
        }
        done.countDown();
    }

    private SortedMap<String, Health> answers() {
        SortedMap<String, Health> answers = new TreeMap<>();
        String reason = threadless;
        if (reason != null) {
            answers.put(
                    "health",
                    Health.error(
                            "no thread could be started to ask the health checks (" + reason
                                    + "), what they say is old; " + Exhaustion.ADVICE,
                            Map.of()));
        }
        for (AskedCheck check : checks.values()) {
            Health health = check.health();
            if (health != null) {
                answers.merge(
                        check.name(), health, (one, other) -> other.status().compareTo(one.status()) > 0 ? other : one);
            }
        }
        return answers;
    }

    private static boolean await(CountDownLatch latch, long nanos) {
        try {
            return latch.await(nanos, TimeUnit.NANOSECONDS);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            return false;
        }
    }
}
