package io.tidewatch.api.config;

import io.tidewatch.api.health.Health;
import io.tidewatch.api.health.HealthCheck;
import java.nio.file.Path;
import java.time.Duration;
import java.util.function.LongSupplier;
import org.jspecify.annotations.Nullable;

/**
 * The health of a thread that looks at a folder again and again. A file system that does not answer keeps the thread for as long
 * as it likes, and what was found before says nothing of that. Safe for use by several threads.
 */
public final class FolderHealth implements HealthCheck {
    private static final Duration LONGEST = Duration.ofSeconds(30);

    private final Path folder;
    private final HealthCheck found;
    private final LongSupplier nanoTime;

    /** When the look that has not ended began. */
    private volatile @Nullable Long begun;

    /**
     * @param found what the looks have found
     * @param nanoTime as {@link System#nanoTime}
     */
    public FolderHealth(Path folder, HealthCheck found, LongSupplier nanoTime) {
        this.folder = folder;
        this.found = found;
        this.nanoTime = nanoTime;
    }

    /** Looks, on this thread. */
    public void look(Runnable look) {
        begun = nanoTime.getAsLong();
        try {
            look.run();
        } finally {
            begun = null;
        }
    }

    /** What the looks have found, degraded while one goes on for more than 30 seconds. */
    @Override
    public Health check() {
        Health health = found.check();
        Long since = begun;
        Duration duration = since == null ? Duration.ZERO : Duration.ofNanos(nanoTime.getAsLong() - since);
        return duration.compareTo(LONGEST) <= 0
                ? health
                : health.degradedBy("a look at " + folder + " has not returned for " + duration.toSeconds()
                        + " s, and no change there is noticed; check the disk or network that it is on");
    }
}
