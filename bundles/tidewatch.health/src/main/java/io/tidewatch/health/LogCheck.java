package io.tidewatch.health;

import io.tidewatch.api.health.Health;
import io.tidewatch.api.health.HealthCheck;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.function.LongSupplier;
import org.osgi.service.component.annotations.Component;

/** Whether the log is read. Its figures are those that tidewatch.logging keeps in system properties. */
@Component(property = HealthCheck.NAME + "=log")
public final class LogCheck implements HealthCheck {
    private final LongSupplier nanoTime;

    public LogCheck() {
        this(System::nanoTime);
    }

    LogCheck(LongSupplier nanoTime) {
        this.nanoTime = nanoTime;
    }

    @Override
    public Health check() {
        Map<String, Object> details = new LinkedHashMap<>();
        details.put("dropped_total", Long.getLong("tidewatch.log.dropped", 0));
        Long stuck = Long.getLong("tidewatch.log.stuck");
        if (stuck == null) {
            return Health.ok("standard output is read", details);
        }
        long seconds = TimeUnit.NANOSECONDS.toSeconds(nanoTime.getAsLong()) - stuck;
        return Health.degraded(
                "standard output has taken nothing for " + seconds + " s, and " + details.get("dropped_total")
                        + " log entries were dropped since the start; look at the program that reads it, or what closed it",
                details);
    }
}
