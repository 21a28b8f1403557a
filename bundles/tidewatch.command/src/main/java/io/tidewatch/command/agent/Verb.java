package io.tidewatch.command.agent;

import io.tidewatch.command.console.CommandException;
import java.util.List;

/** One of the commands. */
public interface Verb {
    /** As it is typed. */
    String name();

    /** What {@code --help} prints. */
    String help();

    /**
     * Does it.
     *
     * @param arguments what follows the verb on the command line
     * @return the exit code
     * @throws CommandException if it cannot be done
     * @throws InterruptedException if the program is ended during the call
     */
    int run(List<String> arguments, Surroundings surroundings) throws CommandException, InterruptedException;
}
