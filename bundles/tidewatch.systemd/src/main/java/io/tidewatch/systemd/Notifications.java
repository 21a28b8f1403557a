package io.tidewatch.systemd;

import io.tidewatch.api.health.Health;
import java.io.IOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The notifications of systemd: READY once the start is over, then WATCHDOG while the agent lives, STATUS whenever it
 * changes, STOPPING at the end. Logs, once per change, what systemd would act upon. Safe for use by several
 * threads.
 */
final class Notifications {
    private static final Logger LOG = LoggerFactory.getLogger(Notifications.class);

    /** Receives the status of the service. */
    interface ServiceManager {
        /** Sends assignments of sd_notify(3), one per line. Returns at once; the message of an exception has the reason. */
        void tell(String state) throws IOException;
    }

    private final ServiceManager systemd;
    private final @Nullable Duration watchdog;

    // Guarded by this.
    private @Nullable CommitWatch commits;
    private boolean alive = true;
    private String status = "";
    private String obstacle = "";

    /** @param watchdog how long systemd waits for a sign of life; null: it does not */
    Notifications(ServiceManager systemd, @Nullable Duration watchdog) {
        this.systemd = systemd;
        this.watchdog = watchdog;
    }

    /** Sends the notifications that are due at a moment of the monotonic clock; returns whether the agent is ready. */
    synchronized boolean tell(Components components, long now) {
        List<String> lines = new ArrayList<>();
        List<String> missing = commits == null ? components.missing() : List.of();
        boolean becomesReady = commits == null && missing.isEmpty();
        String line = missing.isEmpty() ? StatusLine.running(components) : StatusLine.starting(missing);
        if (becomesReady) {
            lines.add("READY=1");
            if (watchdog != null) {
                // Again, as the one before us may have turned it off.
                lines.add("WATCHDOG_USEC=" + watchdog.toNanos() / 1000);
            }
        } else if (commits != null && watchdog != null && lives(commits, components, now)) {
            lines.add("WATCHDOG=1");
        }
        if (!line.equals(status)) {
            lines.add("STATUS=" + line);
        }
        if (!lines.isEmpty() && send(lines)) {
            status = line;
            if (becomesReady) {
                commits = new CommitWatch(watchdog == null ? Duration.ZERO : watchdog, now);
                LOG.info("Ready: {}", line);
            }
        }
        return commits != null;
    }

    synchronized void stopping() {
        send(List.of("STOPPING=1", "STATUS=Stopping"));
    }

    /** Only this part stops, to be replaced or for good: no signs of life are sent until it starts again. */
    synchronized void leaving() {
        send(List.of("WATCHDOG_USEC=0", "STATUS=The bundle tidewatch.systemd is stopped, the agent runs on"));
    }

    synchronized Health health() {
        Map<String, Object> details = new LinkedHashMap<>();
        details.put("ready", commits != null);
        if (watchdog != null) {
            details.put("watchdog_seconds", watchdog.toMillis() / 1000.0);
        }
        return obstacle.isEmpty()
                ? Health.ok(commits == null ? "the agent is starting" : "systemd is notified", details)
                : Health.degraded(obstacle, details);
    }

    private boolean lives(CommitWatch watch, Components components, long now) {
        boolean lives = watch.lives(components, now);
        if (alive && !lives) {
            LOG.error(
                    "No collector run was stored for {} s; the systemd watchdog will restart the agent, after a list of its threads here",
                    watch.silence(now).toSeconds());
        } else if (!alive && lives) {
            LOG.info("Passes are kept again");
        }
        alive = lives;
        return lives;
    }

    private boolean send(List<String> lines) {
        try {
            systemd.tell(String.join("\n", lines));
            obstacle = "";
            return true;
        } catch (IOException e) {
            String message = String.valueOf(e.getMessage());
            if (!message.equals(obstacle)) {
                LOG.error("{}; if nothing changes, it will restart the agent", message);
            }
            obstacle = message;
            return false;
        }
    }
}
