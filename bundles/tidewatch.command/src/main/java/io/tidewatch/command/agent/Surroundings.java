package io.tidewatch.command.agent;

import io.tidewatch.command.console.Terminal;
import java.io.PrintStream;
import java.time.Clock;

/**
 * What a verb works with.
 *
 * @param folders those of the agent that is asked about
 * @param version of this installation
 */
public record Surroundings(
        Folders folders, Terminal terminal, Clock clock, String version, PrintStream out, PrintStream err) {
    /** Prints a remark that is no answer. */
    public void remark(String text) {
        err.println("tidewatch: " + text);
    }

    public Surroundings with(Folders other) {
        return new Surroundings(other, terminal, clock, version, out, err);
    }
}
