package io.tidewatch.health;

import java.time.Duration;
import java.time.Instant;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * All that {@code /health} shows.
 *
 * @param verdict the state of the agent and its components
 * @param time when the components were asked
 * @param uptime how long the agent has been up
 * @param version version of the agent
 * @param deviceId id of the device; null while there is no device service
 * @param folders the folders that the agent works with, by name
 */
record HealthReport(
        HealthRules.Verdict verdict,
        Instant time,
        Duration uptime,
        String version,
        @Nullable String deviceId,
        Map<String, String> folders) {}
