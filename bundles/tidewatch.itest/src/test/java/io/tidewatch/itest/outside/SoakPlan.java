package io.tidewatch.itest.outside;

import java.time.Duration;
import java.util.Map;

/**
 * How a soak goes.
 *
 * @param duration how long there is load
 * @param rate samples per second
 * @param seed of what befalls the agent
 * @param calm the longest time between two events
 * @param longestFault the longest that one lasts
 * @param quietEnd nothing begins so long before the end
 * @param complete whether the agent is killed too, and runs with the class archive that the package makes
 * @param diskFaultSeconds in each stretch of so many seconds one call on the database's files fails; 0: none does
 * @param uploader keys of the uploader that are not left at their default
 */
record SoakPlan(
        Duration duration,
        int rate,
        long seed,
        Duration calm,
        Duration longestFault,
        Duration quietEnd,
        boolean complete,
        int diskFaultSeconds,
        Map<String, String> uploader) {
    /** How often the agent is killed. */
    static final Duration KILL_INTERVAL = Duration.ofMinutes(30);

    /** The agent at its defaults, killed every half hour. */
    static SoakPlan ofMinutes(int minutes, int rate, long seed) {
        return new SoakPlan(
                Duration.ofMinutes(minutes),
                rate,
                seed,
                Duration.ofSeconds(40),
                Duration.ofSeconds(60),
                Duration.ofSeconds(90),
                true,
                0,
                Map.of());
    }

    /** Nothing happens but that a call of the disk fails each minute. The agent is not killed: what waits in memory is lost then. */
    static SoakPlan withDiskFaults(int minutes, int rate) {
        Duration duration = Duration.ofMinutes(minutes);
        return new SoakPlan(duration, rate, 0, duration, Duration.ofSeconds(3), Duration.ZERO, false, 60, Map.of());
    }

    /** Three minutes; everything happens within them, as the uploader is in more of a hurry. */
    static SoakPlan shortOne(long seed) {
        return new SoakPlan(
                Duration.ofMinutes(3),
                1000,
                seed,
                Duration.ofSeconds(6),
                Duration.ofSeconds(8),
                Duration.ofSeconds(15),
                false,
                0,
                Map.of("upload.interval", "5s", "retry.initial.backoff", "1s", "retry.max.backoff", "5s"));
    }
}
