package io.tidewatch.health;

import io.tidewatch.api.health.Health;
import io.tidewatch.api.health.HealthCheck;
import io.tidewatch.api.health.Status;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/** A health check, what it answered last, and since when it has not answered. Safe for use by several threads. */
final class AskedCheck {
    private final String name;
    private final String bundle;
    private final Supplier<@Nullable HealthCheck> source;

    // Guarded by this.
    private @Nullable Health last;
    private boolean waiting;
    private boolean late;
    private boolean punctual;
    private int timesLate;
    private long askedAt;

    /** @param source gets the check, or null if it is gone; foreign code */
    AskedCheck(String name, String bundle, Supplier<@Nullable HealthCheck> source) {
        this.name = name;
        this.bundle = bundle;
        this.source = source;
    }

    String name() {
        return name;
    }

    /** Whether its newest answer came in time: one that did not, or never answered, may take all of the next round. */
    synchronized boolean isProven() {
        return punctual;
    }

    synchronized int timesLate() {
        return timesLate;
    }

    /** Takes the question for it, unless one is open. */
    synchronized boolean begin() {
        if (waiting) {
            return false;
        }
        waiting = true;
        askedAt = System.nanoTime();
        return true;
    }

    /** Asks it, after {@link #begin}. Foreign code: takes as long as it wants. */
    void ask() {
        Health answer = answer();
        synchronized (this) {
            waiting = false;
            punctual = !late;
            late = false;
            last = answer == null ? last : answer;
        }
    }

    /** The time is over: if it has not answered, it is late until it does. */
    synchronized void expire() {
        late = waiting;
        timesLate += waiting ? 1 : 0;
    }

    /** The last answer, with a remark if another one is late; null if it was never asked. */
    synchronized @Nullable Health health() {
        if (!late) {
            return last;
        }
        long seconds = Math.max(1, TimeUnit.NANOSECONDS.toSeconds(System.nanoTime() - askedAt));
        String message = "its health check has not answered for " + seconds + " s; fix or remove bundle " + bundle;
        if (last == null) {
            return Health.degraded(message, Map.of());
        }
        Status worse = last.status() == Status.ERROR ? Status.ERROR : Status.DEGRADED;
        return new Health(worse, message + "; before that: " + last.message(), last.details());
    }

    /**
     * A check comes from any bundle: whatever it throws, also a NoClassDefFoundError after a half update, is its own state.
     */
    private @Nullable Health answer() {
        try {
            HealthCheck check = source.get();
            if (check == null) {
                // It is about to be removed.
                return null;
            }
            Health health = check.check();
            return health != null
                    ? health
                    : Health.error("its health check returned nothing; fix bundle " + bundle, Map.of());
        } catch (Throwable e) {
            return Health.error(
                    "its health check failed: " + textOf(e) + "; fix or remove bundle " + bundle,
                    Map.of("error_type", e.getClass().getName()));
        }
    }

    /** What is thrown is foreign, too. */
    private static String textOf(Throwable e) {
        try {
            return String.valueOf(e).replaceAll("\\p{Cntrl}+", " ");
        } catch (Throwable again) {
            return e.getClass().getName();
        }
    }
}
