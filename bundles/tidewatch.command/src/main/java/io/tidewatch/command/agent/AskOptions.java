package io.tidewatch.command.agent;

import io.tidewatch.command.console.CommandException;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * The options of a verb that asks the running agent.
 *
 * @param page where the agent answers, by {@code --address}; null: as configured
 */
public record AskOptions(@Nullable AgentPage page, boolean json) {
    /** @param withJson whether {@code --json} is an option of the verb */
    public static AskOptions of(Verb verb, List<String> arguments, boolean withJson) throws CommandException {
        Arguments rest = new Arguments(verb, arguments);
        AgentPage page = null;
        boolean json = false;
        for (String option = rest.option(); option != null; option = rest.option()) {
            switch (option) {
                case "--address" -> page = AgentPage.at(rest.value(option), option);
                case "--json" -> json = true;
                default -> throw rest.unknown(option);
            }
            if (json && !withJson) {
                throw rest.unknown(option);
            }
        }
        return new AskOptions(page, json);
    }

    /** @throws CommandException if the configuration leaves the port to the system */
    public AgentPage page(Surroundings surroundings) throws CommandException {
        return page == null ? AgentPage.of(surroundings.folders(), surroundings::remark) : page;
    }
}
