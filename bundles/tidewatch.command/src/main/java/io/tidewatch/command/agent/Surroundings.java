package io.tidewatch.command.agent;

import io.tidewatch.command.console.Terminal;
import java.io.PrintStream;
import java.time.Clock;

/**
 * What a verb works with.
 *
 * @param folders the agent that is asked about
 * @param terminal what the output goes to
 * @param clock the clock of this machine
 * @param version version of this installation
 * @param out for the answer
 * @param err for errors
 */
public record Surroundings(
        Folders folders, Terminal terminal, Clock clock, String version, PrintStream out, PrintStream err) {
    /** Prints a remark that is no answer. */
    public void remark(String text) {
        err.println("tidewatch: " + text);
    }

    /** The same for the agent with other folders. */
    public Surroundings with(Folders other) {
        return new Surroundings(other, terminal, clock, version, out, err);
    }
}
