package io.tidewatch.command.agent;

import io.tidewatch.command.console.CommandException;
import java.util.List;

/** One of the commands. */
public abstract class Verb {
    private final String name;
    private final String help;

    /** @param help what {@code --help} prints */
    protected Verb(String name, String help) {
        this.name = name;
        this.help = help;
    }

    public final String name() {
        return name;
    }

    public final String help() {
        return help;
    }

    /**
     * @param arguments what follows the verb on the command line
     * @return the exit code
     * @throws InterruptedException if the program is ended during the call
     */
    public abstract int run(List<String> arguments, Surroundings surroundings)
            throws CommandException, InterruptedException;
}
