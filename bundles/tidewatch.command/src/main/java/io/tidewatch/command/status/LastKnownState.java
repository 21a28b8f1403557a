package io.tidewatch.command.status;

import io.tidewatch.api.config.FileFailure;
import io.tidewatch.api.store.StoreException;
import io.tidewatch.command.agent.AgentPage;
import io.tidewatch.command.agent.Folders;
import io.tidewatch.command.agent.Json;
import io.tidewatch.command.agent.Surroundings;
import io.tidewatch.command.console.Amounts;
import io.tidewatch.command.console.Columns;
import io.tidewatch.store.sqlite.DatabaseFile;
import io.tidewatch.store.sqlite.LastRun;
import java.io.IOException;
import java.time.Duration;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;

/** The state of an agent that does not answer, as far as its files show it. */
final class LastKnownState {
    private final Surroundings surroundings;
    private final String reason;
    private final Map<String, String> facts = new LinkedHashMap<>();

    LastKnownState(Surroundings surroundings, String reason) {
        this.surroundings = surroundings;
        this.reason = reason;
        Folders folders = surroundings.folders();
        try {
            DatabaseFile database = DatabaseFile.configured(folders.settings(DatabaseFile.PID), folders.state());
            facts.put("database", database.path().toString());
            note(database.lastRun());
        } catch (StoreException e) {
            facts.put("database", String.valueOf(e.getMessage()));
        } catch (IOException e) {
            facts.put(
                    "database",
                    DatabaseFile.PID + ".cfg in " + folders.config() + " cannot be read (" + FileFailure.reason(e)
                            + ")");
        }
    }

    /** Prints it: why the agent counts as down and what to do to the errors, the facts to the output. */
    void print(boolean json) {
        String message = reason + ". " + AgentPage.advice(surroundings.folders());
        if (json) {
            surroundings.out().println(Json.write(out -> {
                out.writeStringField("status", "down");
                out.writeStringField("message", message);
                for (Map.Entry<String, String> fact : facts.entrySet()) {
                    out.writeStringField(fact.getKey(), fact.getValue());
                }
            }));
            return;
        }
        surroundings.remark("down: " + message);
        Columns columns = new Columns();
        facts.forEach((fact, value) -> columns.add(List.of(fact.replace('_', ' '), value)));
        columns.lines(surroundings.terminal()).forEach(surroundings.out()::println);
    }

    private void note(LastRun last) {
        last.started().ifPresent(started -> facts.put("last_start", moment(started)));
        if (last.started().isPresent()) {
            facts.put(
                    "last_end",
                    last.ended()
                            .map(ended -> moment(ended) + ", in order")
                            .orElse(
                                    AgentPage.process(surroundings.folders().lock())
                                                    .isPresent()
                                            ? "the process is still there"
                                            : "not in order (crash, kill or power cut)"));
        }
        last.newest().ifPresent(newest -> facts.put("newest_sample", moment(newest)));
        last.acknowledged().ifPresent(time -> facts.put("last_upload", moment(time)));
        facts.put("pending_samples", String.format(Locale.ROOT, "%d", last.pending()));
    }

    private String moment(Instant time) {
        Duration age = Duration.between(time, surroundings.clock().instant());
        return time.truncatedTo(ChronoUnit.SECONDS) + (age.isNegative() ? "" : " (" + Amounts.time(age) + " ago)");
    }
}
