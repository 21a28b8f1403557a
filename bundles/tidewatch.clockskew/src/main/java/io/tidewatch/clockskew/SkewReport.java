package io.tidewatch.clockskew;

import io.tidewatch.api.health.Health;
import io.tidewatch.api.health.LogThrottle;
import java.net.URI;
import java.time.Duration;
import java.time.Instant;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import java.util.function.LongSupplier;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.slf4j.MDC;

/**
 * What is known of the skew, and what is said of it: health, the metric, and a log line when the state changes, at most
 * once an hour for each state. Safe for use by several threads.
 */
final class SkewReport {
    /** The server's date comes in whole seconds; below this a difference means nothing. */
    private static final Duration RESOLUTION = Duration.ofSeconds(1);

    private static final Logger LOG = LoggerFactory.getLogger(SkewReport.class);
    private static final int INTERVALS_UNTIL_STALE = 3;
    private static final String ADVICE = "check time synchronisation on this device (timedatectl) and on the server";

    /** What was said last. */
    private enum State {
        IN_TIME,
        OFF,
        UNKNOWN
    }

    private final LongSupplier nanoTime;
    private final LogThrottle<State> throttle;
    private @Nullable Measurement last;
    private @Nullable String lastError;
    private @Nullable URI url;

    private record Measurement(Duration skew, Instant time, long nanos) {}

    /** @param nanoTime monotonic nanoseconds */
    SkewReport(LongSupplier nanoTime) {
        this.nanoTime = nanoTime;
        this.throttle = new LogThrottle<>(nanoTime);
    }

    /** What is asked from now on; null: nothing. What was measured with another server is forgotten. */
    synchronized void ask(@Nullable URI asked) {
        if (asked == null || !asked.equals(url)) {
            forget();
        }
        url = asked;
    }

    /** The clock is another one now: what was measured of the one before is forgotten. */
    synchronized void forget() {
        last = null;
        lastError = null;
    }

    /** The skew while it is fresh, and the clock is compared. */
    synchronized Optional<Duration> skew(SkewSettings settings) {
        return settings.enabled() ? fresh(settings).map(Measurement::skew) : Optional.empty();
    }

    /** A comparison succeeded. */
    synchronized void measured(Duration skew, Instant time, SkewSettings settings) {
        last = new Measurement(skew, time, nanoTime.getAsLong());
        lastError = null;
        if (isOff(skew, settings)) {
            if (throttle.isDue(State.OFF)) {
                MDC.put("skew_ms", Long.toString(skew.toMillis()));
                try {
                    LOG.warn("{}; {}", sentence(skew), ADVICE);
                } finally {
                    MDC.remove("skew_ms");
                }
            }
        } else if (throttle.isNew(State.IN_TIME)) {
            LOG.info("{}", tolerable(skew));
        }
    }

    /** A comparison failed: normal for a device that is offline. */
    synchronized void failed(String error) {
        lastError = error;
        if (throttle.isNew(State.UNKNOWN)) {
            LOG.info("The clock could not be compared with {}: {}", url, error);
        }
    }

    synchronized Health health(SkewSettings settings) {
        Map<String, Object> details = new LinkedHashMap<>();
        details.put("enabled", settings.enabled());
        details.put("url", url == null ? null : url.toString());
        details.put("warn_threshold_ms", settings.warnThreshold().toMillis());
        if (!settings.enabled()) {
            return Health.ok("turned off", details);
        }
        if (last != null) {
            details.put("skew_ms", last.skew().toMillis());
            details.put("measured_at", last.time());
        }
        if (lastError != null) {
            details.put("last_error", lastError);
        }
        if (url == null) {
            return Health.ok("nothing to compare the clock with", details);
        }
        Optional<Measurement> fresh = fresh(settings);
        if (fresh.isEmpty()) {
            return Health.ok(
                    last == null ? "the clock was not compared yet" : "the clock was not compared lately", details);
        }
        Duration skew = fresh.get().skew();
        return isOff(skew, settings)
                ? Health.degraded(sentence(skew) + "; " + ADVICE, details)
                : Health.ok(tolerable(skew), details);
    }

    private Optional<Measurement> fresh(SkewSettings settings) {
        Measurement measurement = last;
        if (measurement == null) {
            return Optional.empty();
        }
        Duration age = Duration.ofNanos(nanoTime.getAsLong() - measurement.nanos());
        boolean stale = age.compareTo(settings.checkInterval().multipliedBy(INTERVALS_UNTIL_STALE)) >= 0;
        return stale ? Optional.empty() : Optional.of(measurement);
    }

    private static boolean isOff(Duration skew, SkewSettings settings) {
        return skew.abs().compareTo(settings.warnThreshold()) > 0;
    }

    private static String tolerable(Duration skew) {
        return skew.abs().compareTo(RESOLUTION) < 0
                ? "The clock agrees with the server's to within a second"
                : sentence(skew);
    }

    private static String sentence(Duration skew) {
        return "The clock is " + skew.abs().toMillis() + " ms " + (skew.isNegative() ? "behind" : "ahead of")
                + " the server's";
    }
}
