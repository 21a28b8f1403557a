package io.tidewatch.command.status;

import io.tidewatch.command.agent.AgentPage;
import io.tidewatch.command.agent.AskOptions;
import io.tidewatch.command.agent.Surroundings;
import io.tidewatch.command.agent.Verb;
import io.tidewatch.command.console.CommandException;
import io.tidewatch.command.console.ExitCodes;
import java.util.List;

/** {@code tidewatch status}: the health of the running agent in a table; of one that is down, its last known state. */
public final class StatusVerb extends Verb {
    public StatusVerb() {
        super(
                "status",
                """
                tidewatch status: shows the status of the running agent

                  tidewatch status [options]

                Requests the agent's own page, /health, and shows each component, the worst
                first. The page is at the address in tidewatch.health.cfg. If no agent answers,
                the last known state is read from its database. Colours are for terminals only;
                NO_COLOR=1 turns them off.

                Options
                  --address HOST:PORT   where the page is (default: as in tidewatch.health.cfg)
                  --json                the page as it is; of an agent that is down, its last
                                        known state
                  --help                print this

                Exit codes
                  0    the agent is ok
                  1    the agent is degraded: it works, and a component needs attention
                  2    the agent is in error
                  3    no agent answers
                  64   the command line is not understood
                  78   tidewatch.health.cfg leaves the port to the system (address with port 0)
                """);
    }

    @Override
    public int run(List<String> arguments, Surroundings surroundings) throws CommandException {
        AskOptions options = AskOptions.of(this, arguments, true);
        AgentPage page = options.page(surroundings);
        try {
            AgentPage.Answer answer = page.get();
            HealthView health = new HealthView(answer.health());
            if (options.json()) {
                surroundings.out().print(answer.text());
            } else {
                health.lines(surroundings.terminal()).forEach(surroundings.out()::println);
            }
            return health.exitCode();
        } catch (AgentPage.DownException e) {
            new LastKnownState(surroundings, String.valueOf(e.getMessage())).print(options.json());
            return ExitCodes.DOWN;
        }
    }
}
