package io.tidewatch.scheduler;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.tidewatch.api.collector.Metric;
import io.tidewatch.api.collector.Unit;
import io.tidewatch.api.device.Device;
import io.tidewatch.api.health.Health;
import io.tidewatch.api.health.HealthCheck;
import io.tidewatch.testing.store.ListStore;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneId;
import java.time.ZoneOffset;
import java.util.List;
import java.util.Map;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import org.awaitility.core.ConditionFactory;

/** A scheduler on a clock that stands still until it is moved, with a list for a store. */
final class Rig implements AutoCloseable {
    static final Metric VALUE = Metric.gauge("test.value", Unit.NONE, "A value");
    static final Metric OTHER = Metric.gauge("test.other", Unit.NONE, "Another value");
    static final Instant START = Instant.parse("2026-03-01T12:00:00Z");

    /** The monotonic clock wraps soon after the start: nothing may depend on its sign. */
    private static final long FIRST_NANO =
            Long.MAX_VALUE - Duration.ofSeconds(15).toNanos();

    record TestDevice(String id, SortedMap<String, String> labels) implements Device {}

    private final AtomicLong nanos = new AtomicLong(FIRST_NANO);
    final Map<String, HealthCheck> health = new ConcurrentHashMap<>();
    final ListStore store = new ListStore();
    final Device device = new TestDevice("rig-1", new TreeMap<>(Map.of("site", "studio")));
    final CollectorScheduler scheduler;

    Rig() {
        this.scheduler = new CollectorScheduler(new ManualClock(), nanos::get, (name, check) -> {
            if (health.put(name, check) != null) {
                throw new AssertionError(name + " is shown twice");
            }
            return () -> health.remove(name, check);
        });
        scheduler.context().device().set(device);
        scheduler.context().store().set(store);
    }

    /** Moves the clock on, and waits until the timer has called everything that is due by then. */
    void advance(Duration duration) {
        CountDownLatch called = new CountDownLatch(1);
        scheduler.context().timer().at(nanos.addAndGet(duration.toNanos()), called::countDown);
        try {
            assertThat(called.await(30, TimeUnit.SECONDS))
                    .as("the timer has called what is due")
                    .isTrue();
        } catch (InterruptedException e) {
            throw new AssertionError(e);
        }
    }

    /** Waits until the pass of a collector is over, including everything that its thread does after it. */
    void awaitIdle(String name) {
        eventually().until(() -> threads("tidewatch-collector-" + name) == 0);
    }

    /** Waits until a collector has been called so many times and is idle. */
    void awaitCalls(TestCollector collector, int calls) {
        eventually().until(() -> collector.calls() == calls);
        awaitIdle(collector.name());
    }

    Health healthOf(String collector) {
        HealthCheck check = health.get("collector." + collector);
        if (check == null) {
            throw new AssertionError("No health of " + collector + ", only " + health.keySet());
        }
        return check.check();
    }

    /** Times of what was stored, from the start. */
    List<Duration> storedAt() {
        return store.entries().stream()
                .map(entry -> Duration.between(START, Instant.ofEpochMilli(entry.timestamp())))
                .toList();
    }

    static ConditionFactory eventually() {
        return await().atMost(Duration.ofSeconds(30)).pollInterval(Duration.ofMillis(2));
    }

    static long threads(String prefix) {
        return Thread.getAllStackTraces().keySet().stream()
                .filter(thread -> thread.getName().startsWith(prefix) && thread.isAlive())
                .count();
    }

    @Override
    public void close() {
        scheduler.stop();
    }

    private final class ManualClock extends Clock {
        @Override
        public ZoneId getZone() {
            return ZoneOffset.UTC;
        }

        @Override
        public Clock withZone(ZoneId zone) {
            throw new UnsupportedOperationException();
        }

        @Override
        public Instant instant() {
            return START.plusNanos(nanos.get() - FIRST_NANO);
        }
    }
}
