package io.tidewatch.command.profile;

import io.tidewatch.command.agent.Arguments;
import io.tidewatch.command.console.CommandException;
import org.jspecify.annotations.Nullable;

/**
 * What {@code tidewatch profile} is asked to do.
 *
 * @param name of the profile; null: all are listed
 * @param action what is done with it
 */
record ProfileOrder(@Nullable String name, Action action) {
    enum Action {
        SHOW,
        APPLY,
        REVERT
    }

    static ProfileOrder of(Arguments rest) throws CommandException {
        String name = null;
        Action action = Action.SHOW;
        for (String option = rest.option(); option != null; option = rest.option()) {
            if (!option.startsWith("-")) {
                if (name != null) {
                    throw rest.unknown(option);
                }
                name = option;
                continue;
            }
            Action asked =
                    switch (option) {
                        case "--apply" -> Action.APPLY;
                        case "--revert" -> Action.REVERT;
                        default -> throw rest.unknown(option);
                    };
            if (action != Action.SHOW && action != asked) {
                throw rest.wrong("--apply and --revert exclude each other");
            }
            action = asked;
        }
        if (name == null && action != Action.SHOW) {
            throw rest.wrong("'profile' needs the name of a profile");
        }
        return new ProfileOrder(name, action);
    }
}
