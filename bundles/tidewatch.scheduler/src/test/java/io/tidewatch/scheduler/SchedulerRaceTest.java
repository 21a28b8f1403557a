package io.tidewatch.scheduler;

import static org.assertj.core.api.Assertions.assertThat;

import io.tidewatch.api.collector.Sample;
import io.tidewatch.api.health.HealthCheck;
import io.tidewatch.testing.store.ListStore;
import java.time.Clock;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.Set;
import java.util.TreeMap;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.RepeatedTest;
import org.junit.jupiter.api.RepetitionInfo;

/** Collectors come, change and go from several threads while passes run, on the real clock. */
class SchedulerRaceTest {
    private static final int THREADS = 4;
    private static final int STEPS = 60;
    private static final List<String> NAMES = List.of("a", "b", "c");

    private final ListStore store = new ListStore();
    private final Map<String, HealthCheck> health = new ConcurrentHashMap<>();
    private final ConcurrentLinkedQueue<String> violations = new ConcurrentLinkedQueue<>();
    private final ConcurrentLinkedQueue<TestCollector> all = new ConcurrentLinkedQueue<>();
    private final Map<String, AtomicInteger> inside = new ConcurrentHashMap<>();

    @RepeatedTest(8)
    void invariantsHold(RepetitionInfo repetition) throws InterruptedException {
        CollectorScheduler scheduler = new CollectorScheduler(Clock.systemUTC(), System::nanoTime, (name, check) -> {
            if (health.put(name, check) != null) {
                violations.add(name + " shown twice");
            }
            return () -> {
                if (!health.remove(name, check)) {
                    violations.add(name + " taken away twice");
                }
            };
        });
        scheduler.context().device().set(new Rig.TestDevice("race", new TreeMap<>()));
        scheduler.context().store().set(store);

        CountDownLatch done = new CountDownLatch(THREADS);
        for (int i = 0; i < THREADS; i++) {
            long seed = repetition.getCurrentRepetition() * 100L + i;
            new Thread(() -> {
                        try {
                            disturb(scheduler, new Random(seed));
                        } catch (Throwable t) {
                            violations.add("seed " + seed + ": " + t);
                        } finally {
                            done.countDown();
                        }
                    })
                    .start();
        }
        assertThat(done.await(60, TimeUnit.SECONDS)).isTrue();

        TestCollector survivor = collector("survivor", 0, new Random(1));
        scheduler.add(survivor);
        Rig.eventually().until(() -> store.entries().stream().anyMatch(entry -> entry.value() == survivor.id()));
        Rig.eventually().until(() -> health.keySet().equals(Set.of("collector.survivor")));
        scheduler.stop();

        assertThat(violations).isEmpty();
        Rig.eventually().until(() -> Rig.threads("tidewatch-") == 0);
        Rig.eventually().until(() -> all.stream().allMatch(collector -> collector.held() == 0));
        assertThat(health).isEmpty();
    }

    private void disturb(CollectorScheduler scheduler, Random random) {
        List<TestCollector> own = new ArrayList<>();
        for (int step = 0; step < STEPS; step++) {
            int choice = random.nextInt(4);
            if (choice == 0 || own.isEmpty()) {
                TestCollector collector = collector(NAMES.get(random.nextInt(NAMES.size())), random.nextInt(3), random);
                scheduler.add(collector);
                own.add(collector);
            } else if (choice == 1) {
                scheduler.remove(own.remove(random.nextInt(own.size())).id());
            } else {
                TestCollector collector = own.get(random.nextInt(own.size()));
                String interval = List.of("1ms", "2ms", "5ms", "nonsense").get(random.nextInt(4));
                scheduler.update(
                        collector.with("interval", interval, "enabled", Boolean.toString(random.nextInt(5) > 0)));
            }
            for (int spins = random.nextInt(50_000); spins > 0; spins--) {
                Thread.onSpinWait();
            }
        }
        for (TestCollector collector : own) {
            scheduler.remove(collector.id());
        }
    }

    private TestCollector collector(String name, int ranking, Random random) {
        AtomicInteger within = inside.computeIfAbsent(name, key -> new AtomicInteger());
        int temper = random.nextInt(4);
        TestCollector collector = new TestCollector(name, ranking).with("interval", "1ms");
        collector.doing(() -> {
            if (within.incrementAndGet() != 1) {
                violations.add("two passes of " + name);
            }
            try {
                return pass(temper, collector);
            } finally {
                within.decrementAndGet();
            }
        });
        all.add(collector);
        return collector;
    }

    private static List<Sample> pass(int temper, TestCollector collector) throws InterruptedException {
        switch (collector.name().equals("survivor") ? 0 : temper) {
            case 1 -> new CountDownLatch(1).await(3, TimeUnit.MILLISECONDS);
            case 2 -> throw new NoClassDefFoundError("race");
            default -> Thread.onSpinWait();
        }
        return List.of(Rig.VALUE.sample((double) collector.id()));
    }
}
