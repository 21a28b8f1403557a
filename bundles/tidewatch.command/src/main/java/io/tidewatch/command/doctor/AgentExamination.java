package io.tidewatch.command.doctor;

import io.tidewatch.command.agent.AgentPage;
import io.tidewatch.command.agent.AgentPage.Answer;
import io.tidewatch.command.agent.AgentPage.DownException;
import io.tidewatch.command.agent.Folders;
import io.tidewatch.command.agent.Json;
import io.tidewatch.command.agent.Surroundings;
import io.tidewatch.command.console.Amounts;
import io.tidewatch.command.console.CommandException;
import io.tidewatch.command.doctor.Diagnosis.Subject;
import java.nio.file.Files;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** Whether the agent runs, and its status. */
final class AgentExamination {
    private final Surroundings surroundings;
    private final List<String> remarks = new ArrayList<>();
    private @Nullable Answer answer;
    private @Nullable String down;
    private @Nullable String notAsked;

    /** @param page where the agent is asked; null: as configured */
    AgentExamination(Surroundings surroundings, @Nullable AgentPage page) {
        this.surroundings = surroundings;
        if (page == null && !Files.isDirectory(surroundings.folders().config())) {
            notAsked = "its address is in the configuration folder";
            return;
        }
        try {
            answer = (page == null ? AgentPage.of(surroundings.folders(), remarks::add) : page).get();
        } catch (DownException e) {
            down = String.valueOf(e.getMessage());
        } catch (CommandException e) {
            notAsked = String.valueOf(e.getMessage());
        }
    }

    /** Returns the folders of the agent that answers; those of this installation if none does. */
    Folders folders() {
        return answer == null ? surroundings.folders() : answer.folders(surroundings.folders());
    }

    void examine(Diagnosis diagnosis) {
        Subject subject = diagnosis.on("agent");
        for (String remark : remarks) {
            subject.note(remark, "fix address in " + AgentPage.PID + ".cfg, or run it with sudo");
        }
        Folders asked = surroundings.folders();
        if (answer != null) {
            if (!folders().equals(asked)) {
                subject.note(
                        "it uses " + folders().config() + " and " + folders().state() + ", not " + asked.config()
                                + " and " + asked.state(),
                        "its folders are the ones examined; --address names another agent");
            }
            examine(answer.health(), subject);
        } else if (down != null) {
            Optional<Long> process = AgentPage.process(asked.lock());
            subject.wrong(
                    down,
                    process.isPresent()
                            ? "process " + process.get() + " runs: wait if it has just started, else see its log"
                                    + " (journalctl -u tidewatch)"
                            : "systemctl start tidewatch, or 'tidewatch run'; journalctl -u tidewatch shows why it"
                                    + " ended");
        } else {
            subject.note(
                    "not asked: " + notAsked, "fix address in " + AgentPage.PID + ".cfg, or name it with --address");
        }
    }

    private void examine(Json health, Subject subject) {
        String status = health.text("status").orElse("");
        String version = health.text("version").orElse("");
        if (!status.equals("ok")) {
            subject.wrong(
                    "it is " + (status.equals("error") ? "in error" : status) + ": "
                            + health.text("message").orElse(""),
                    "'tidewatch status' shows each component; its log shows since when");
        } else {
            String up = Amounts.time(
                    Duration.ofSeconds((long) health.number("uptime_seconds").orElse(0)));
            subject.ok("it runs and is ok, up " + up);
        }
        // A bundle's version has no hyphen where that of the build has one.
        if (!version.isEmpty() && !comparable(version).equals(comparable(surroundings.version()))) {
            subject.note(
                    "version " + version + " runs, version " + surroundings.version() + " is installed",
                    "systemctl restart tidewatch");
        }
    }

    private static String comparable(String version) {
        return version.replace('-', '.').replaceFirst("\\.SNAPSHOT$|\\.\\d{12,}$", "");
    }
}
