package io.tidewatch.systemd;

import io.tidewatch.api.health.Health;
import io.tidewatch.api.health.Status;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/**
 * Whether the agent does what it is there for: passes of collectors arrive in the store. Whether anything is uploaded does
 * not matter. Not safe for use by several threads.
 *
 * <p>It lives while one of these holds:
 *
 * <ul>
 *   <li>some collector's pass was kept within the watchdog's time, or within three intervals of the quickest collector
 *       that is ok, whichever is longer;
 *   <li>the store says itself what is wrong: samples wait in memory for a disk, and a restart would lose them;
 *   <li>no collector is turned on.
 * </ul>
 */
final class CommitWatch {
    private static final int INTERVALS = 3;

    private final long patienceNanos;
    private final Map<String, Object> commits = new HashMap<>();
    private long lastSign;

    /** @param patience how long no pass may be kept, at least, from {@code now} on */
    CommitWatch(Duration patience, long now) {
        this.patienceNanos = patience.toNanos();
        this.lastSign = now;
    }

    /** Whether the agent lives at a moment of the monotonic clock, in nanoseconds. */
    boolean lives(Components components, long now) {
        boolean committed = false;
        for (Map.Entry<String, Health> entry : components.byName().entrySet()) {
            Object commit = Components.lastCommit(entry.getValue());
            if (Components.isCollector(entry.getKey()) && commit != null) {
                committed |= !commit.equals(commits.put(entry.getKey(), commit));
            }
        }
        List<Health> collectors = components.runningCollectors();
        if (committed || collectors.isEmpty() || components.fails(Components.STORAGE)) {
            lastSign = now;
        }
        return now - lastSign <= Math.max(patienceNanos, INTERVALS * quickest(collectors));
    }

    Duration silence(long now) {
        return Duration.ofNanos(now - lastSign);
    }

    private static long quickest(List<Health> collectors) {
        return collectors.stream()
                .filter(health -> health.status() != Status.ERROR)
                .mapToLong(health -> Components.interval(health).toNanos())
                .min()
                .orElse(0);
    }
}
