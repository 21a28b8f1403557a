package io.tidewatch.command.agent;

import io.tidewatch.command.console.CommandException;
import io.tidewatch.config.Nearest;
import java.nio.file.InvalidPathException;
import java.nio.file.Path;
import java.util.List;
import java.util.regex.MatchResult;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/** Reads the arguments of a verb from left to right. */
public final class Arguments {
    /** An option in the help of a verb. */
    private static final Pattern OPTION = Pattern.compile("(?<= )--?[a-z][a-z-]*(?=[ ,])");

    private final Verb verb;
    private final List<String> arguments;
    private int next;

    public Arguments(Verb verb, List<String> arguments) {
        this.verb = verb;
        this.arguments = List.copyOf(arguments);
    }

    /** The next option; null after the last. */
    @Nullable
    public String option() {
        return next < arguments.size() ? arguments.get(next++) : null;
    }

    public String value(String option) throws CommandException {
        if (next == arguments.size()) {
            throw wrong(option + " needs a value");
        }
        return arguments.get(next++);
    }

    public Path path(String option) throws CommandException {
        String value = value(option);
        try {
            if (!value.isEmpty()) {
                return Path.of(value);
            }
        } catch (InvalidPathException e) {
            // Falls through to the one message.
        }
        throw wrong(option + " is '" + value + "', which is no path");
    }

    public int count(String option, String value, int most) throws CommandException {
        try {
            int number = Integer.parseInt(value);
            if (number >= 1 && number <= most) {
                return number;
            }
        } catch (NumberFormatException e) {
            // Falls through to the one message.
        }
        throw wrong(option + " is '" + value + "'; accepted: a whole number from 1 to " + most);
    }

    public CommandException unknown(String option) {
        if (!option.startsWith("-")) {
            return wrong("'" + verb.name() + "' takes no '" + option + "'");
        }
        List<String> options =
                OPTION.matcher(verb.help()).results().map(MatchResult::group).toList();
        return wrong("Unknown option '" + option + "'"
                + Nearest.of(option, options)
                        .map(near -> "; did you mean " + near + "?")
                        .orElse(""));
    }

    public CommandException wrong(String message) {
        return CommandException.usage(verb.name(), message);
    }
}
