package io.tidewatch.systemd;

import io.tidewatch.api.health.Health;
import io.tidewatch.api.health.Status;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import org.jspecify.annotations.Nullable;

/** What {@code systemctl status} shows of the agent, in one line. */
final class StatusLine {
    private static final int LONGEST = 400;

    private StatusLine() {}

    static String starting(List<String> missing) {
        return "Starting, waits for " + String.join(", ", missing);
    }

    /** While it runs: what is collected, what is pending, and what is wrong with each component that is not well. */
    static String running(Components components) {
        List<String> facts = new ArrayList<>();
        int running = components.runningCollectors().size();
        facts.add(running + (running == 1 ? " collector" : " collectors"));
        Number pending = number(components.byName().get(Components.STORAGE), "pending_count");
        if (pending != null) {
            facts.add(pending.longValue() + " samples pending");
        }
        facts.add(uploads(components.byName().get(Components.UPLOADER)));
        components.byName().forEach((name, health) -> {
            if (health.status() != Status.OK) {
                facts.add(name + " " + health.status().name().toLowerCase(Locale.ROOT) + ": " + health.message());
            }
        });
        return oneLine(String.join("; ", facts));
    }

    private static String uploads(@Nullable Health uploader) {
        if (uploader == null || !Components.isOn(uploader)) {
            return "uploads are off";
        }
        if (uploader.details().get("last_upload_time") == null) {
            return "nothing uploaded yet";
        }
        Number age = number(uploader, "time_since_upload_seconds");
        return age == null ? "uploads are on" : "last upload " + Math.round(age.doubleValue()) + " s ago";
    }

    private static @Nullable Number number(@Nullable Health health, String fact) {
        return health != null && health.details().get(fact) instanceof Number number ? number : null;
    }

    /** A line break would end the assignment, and systemd takes what follows for another one. */
    private static String oneLine(String text) {
        String line = text.replaceAll("\\p{Cntrl}+", " ").strip();
        return line.length() > LONGEST ? line.substring(0, LONGEST - 1) + "…" : line;
    }
}
