package io.tidewatch.command;

import io.tidewatch.command.AgentPage.DownException;
import java.io.IOException;
import java.time.Duration;
import java.util.Optional;

/** Whether the agent runs, and how it says it fares. */
final class AgentExamination {
    private static final String SUBJECT = "agent";

    private final Surroundings surroundings;

    AgentExamination(Surroundings surroundings) {
        this.surroundings = surroundings;
    }

    void examine(Diagnosis diagnosis) {
        try {
            judge(Json.parse(AgentPage.of(surroundings.folders()).get()), diagnosis);
        } catch (DownException e) {
            Optional<Long> process = AgentPage.process(surroundings.folders());
            diagnosis.wrong(
                    SUBJECT,
                    String.valueOf(e.getMessage()),
                    process.isPresent()
                            ? "process " + process.get() + " runs: wait if it has just started, else see its log"
                                    + " (journalctl -u tidewatch)"
                            : "systemctl start tidewatch, or 'tidewatch run'; journalctl -u tidewatch tells why it"
                                    + " ended");
        } catch (CommandException e) {
            diagnosis.note(SUBJECT, "not asked: " + e.getMessage(), "mend address in " + AgentPage.PID + ".cfg");
        } catch (IOException e) {
            diagnosis.note(SUBJECT, "not understood (" + e + ")", "is it of another version?");
        }
    }

    private void judge(Json health, Diagnosis diagnosis) {
        String status = health.text("status").orElse("");
        String version = health.text("version").orElse("");
        if (!status.equals("ok")) {
            diagnosis.wrong(
                    SUBJECT,
                    "it is " + (status.equals("error") ? "in error" : status) + ": "
                            + health.text("message").orElse(""),
                    "'tidewatch status' shows each component; its log tells since when");
        } else {
            String up = Amounts.time(
                    Duration.ofSeconds((long) health.number("uptime_seconds").orElse(0)));
            diagnosis.ok(SUBJECT, "it runs and is ok, up " + up);
        }
        // A bundle's version has no hyphen where that of the build has one.
        if (!version.isEmpty() && !comparable(version).equals(comparable(surroundings.version()))) {
            diagnosis.note(
                    SUBJECT,
                    "version " + version + " runs, version " + surroundings.version() + " is installed",
                    "systemctl restart tidewatch");
        }
    }

    private static String comparable(String version) {
        return version.replace('-', '.').replaceFirst("\\.SNAPSHOT$|\\.\\d{12,}$", "");
    }
}
