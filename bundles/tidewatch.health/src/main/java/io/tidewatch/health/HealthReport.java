package io.tidewatch.health;

import java.time.Duration;
import java.time.Instant;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** All that {@code /health} shows; no id while there is no device service. */
record HealthReport(
        HealthRules.Verdict verdict,
        Instant time,
        Duration uptime,
        String version,
        @Nullable String deviceId,
        Map<String, String> folders) {}
