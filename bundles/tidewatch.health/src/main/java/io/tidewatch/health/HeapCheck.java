package io.tidewatch.health;

import io.tidewatch.api.health.Health;
import io.tidewatch.api.health.HealthCheck;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.Locale;
import java.util.Map;
import java.util.function.LongSupplier;
import org.osgi.service.component.annotations.Component;

/**
 * Whether the heap has room: with none the JVM ends. What fills it are series, samples that wait for the disk, and deployed
 * jars. Garbage cannot be distinguished from what is in use: only when little was free for a while the heap is collected,
 * and what is free then counts.
 */
@Component(property = HealthCheck.NAME + "=heap")
public final class HeapCheck implements HealthCheck {
    /** Less than this of the heap is little. */
    private static final double LITTLE = 0.2;

    private static final long WHILE = Duration.ofMinutes(1).toNanos();
    private static final long BETWEEN_COLLECTIONS = Duration.ofMinutes(5).toNanos();
    private static final double MEGABYTE = 1 << 20;

    private final long most;
    private final LongSupplier free;
    private final Runnable collector;
    private final LongSupplier nanoTime;
    private long enoughAt;
    private long collectedAt;
    private boolean full;

    public HeapCheck() {
        this(Runtime.getRuntime().maxMemory(), HeapCheck::freeNow, System::gc, System::nanoTime);
    }

    /** @param most size of the heap at most, in bytes, of which {@code free} are free */
    HeapCheck(long most, LongSupplier free, Runnable collector, LongSupplier nanoTime) {
        this.most = most;
        this.free = free;
        this.collector = collector;
        this.nanoTime = nanoTime;
        enoughAt = nanoTime.getAsLong();
        collectedAt = enoughAt - BETWEEN_COLLECTIONS;
    }

    private static long freeNow() {
        Runtime runtime = Runtime.getRuntime();
        return runtime.maxMemory() - runtime.totalMemory() + runtime.freeMemory();
    }

    @Override
    public synchronized Health check() {
        long now = nanoTime.getAsLong();
        if (free.getAsLong() >= LITTLE * most) {
            enough(now);
        } else if (now - enoughAt >= WHILE && now - collectedAt >= BETWEEN_COLLECTIONS) {
            collector.run();
            collectedAt = now;
            full = free.getAsLong() < LITTLE * most;
            if (!full) {
                enough(now);
            }
        }
        long left = free.getAsLong();
        Map<String, Object> details = new LinkedHashMap<>();
        details.put("max_bytes", most);
        details.put("free_bytes", left);
        return full
                ? Health.degraded(
                        String.format(
                                Locale.ROOT,
                                "%.1f of %.0f MB of the heap are free, and with none the agent ends; collect fewer series"
                                        + " (max.series), remove deployed jars, or set TIDEWATCH_JAVA_OPTS=-Xmx32m in"
                                        + " /etc/default/tidewatch",
                                left / MEGABYTE,
                                most / MEGABYTE),
                        details)
                : Health.ok("has room", details);
    }

    private void enough(long now) {
        enoughAt = now;
        full = false;
    }
}
