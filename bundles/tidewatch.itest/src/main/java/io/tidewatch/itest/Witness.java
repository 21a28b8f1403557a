package io.tidewatch.itest;

import static io.tidewatch.itest.RunningAgent.await;
import static org.assertj.core.api.Assertions.assertThat;

import io.tidewatch.api.collector.Collector;
import io.tidewatch.api.collector.Metric;
import io.tidewatch.api.collector.Sample;
import io.tidewatch.api.collector.Unit;
import io.tidewatch.api.health.Health;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.concurrent.atomic.AtomicInteger;
import org.osgi.framework.BundleContext;
import org.osgi.framework.FrameworkUtil;
import org.osgi.framework.ServiceRegistration;

/**
 * A collector that runs every second beside the others: on a machine that stalls it misses the same ticks. A gap of another
 * collector is a fault if the witness has samples in it.
 */
final class Witness implements Collector, AutoCloseable {
    private static final Metric TICK = Metric.gauge("witness.tick", Unit.NONE, "Is there at every tick");

    /** A pass belongs to the tick that it is nearer to than this. */
    private static final long HALF_A_TICK_MS = 500;

    /** A pass that takes longer than its interval, on a busy machine, costs one. */
    private static final int MOST_MISSED = 1;

    /** The scheduler goes on with the counts of a collector that comes back. */
    private static final AtomicInteger WITNESSES = new AtomicInteger();

    private final String name = "witness" + WITNESSES.incrementAndGet();
    private final StoredSamples samples;
    private final ServiceRegistration<Collector> registration;
    private final RunningAgent agent;
    private final long storedBefore;
    private final long begin;

    Witness(BundleContext context, StoredSamples samples) {
        this.agent = new RunningAgent(context);
        this.samples = samples;
        this.storedBefore = samples.count(TICK.name());
        registration = context.registerService(
                Collector.class,
                this,
                FrameworkUtil.asDictionary(Map.of("collector.name", name, "collector.interval", "1s")));
        long before = samples.newest(TICK.name());
        await("the witness").until(() -> samples.newest(TICK.name()) > before);
        begin = samples.newest(TICK.name());
    }

    @Override
    public List<Metric> metrics() {
        return List.of(TICK);
    }

    @Override
    public List<Sample> collect() {
        return List.of(TICK.sample(1));
    }

    /** Requires of a metric of every second that it had no gap since this began, and goes on for three ticks. */
    void assertNoGap(String metric) {
        long now = samples.newest(metric);
        await("further samples of " + metric).until(() -> samples.newest(metric) > now + 3000);
        long[] ticks = samples.timestamps(TICK.name());
        long[] times = samples.timestamps(metric);
        for (int i = 1; i < times.length; i++) {
            long from = times[i - 1];
            long to = times[i];
            if (from >= begin) {
                long missed = Arrays.stream(ticks)
                        .filter(tick -> tick > from + HALF_A_TICK_MS && tick < to - HALF_A_TICK_MS)
                        .count();
                assertThat(missed)
                        .as("ticks that %s missed from %d to %d", metric, from, to)
                        .isLessThanOrEqualTo(MOST_MISSED);
            }
        }
    }

    long stored() {
        return samples.count(TICK.name()) - storedBefore;
    }

    /** How many samples of its own the scheduler has counted as kept. */
    long kept() {
        Health health = agent.healthOf("collector." + name);
        return health.details().get("collected_total") instanceof Number kept ? kept.longValue() : -1;
    }

    @Override
    public void close() {
        registration.unregister();
    }
}
