package io.tidewatch.command;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.List;
import java.util.Optional;

/** {@code tidewatch status}: the health of the running agent in a table. */
final class StatusVerb implements Verb {
    @Override
    public String name() {
        return "status";
    }

    @Override
    public String help() {
        return """
                tidewatch status: shows how the running agent fares

                  tidewatch status [options]

                Asks the agent's own page, /health, and shows each component: what is worst comes first. The page is at
                the address in tidewatch.health.cfg. Colours are for terminals only; NO_COLOR=1 turns them off.

                Options
                  --address HOST:PORT   where the page is (default: as in tidewatch.health.cfg)
                  --json                the page as it is
                  --help                print this

                Exit codes
                  0    the agent is ok
                  1    the agent is degraded: it works, and something needs a look
                  2    the agent is in error
                  3    no agent answers
                  64   the command line is not understood
                  78   the address in tidewatch.health.cfg cannot be used
                """;
    }

    @Override
    public int run(List<String> arguments, Surroundings surroundings) throws CommandException {
        Arguments rest = new Arguments(this, arguments);
        AgentPage page = null;
        boolean json = false;
        for (String option = rest.option(); option != null; option = rest.option()) {
            switch (option) {
                case "--json" -> json = true;
                case "--address" -> page = AgentPage.at(rest.value(option), option);
                default -> throw rest.unknown(option);
            }
        }
        if (page == null) {
            page = AgentPage.of(surroundings.folders());
        }
        try {
            String text = page.get();
            HealthView health = new HealthView(parse(text));
            if (json) {
                surroundings.out().print(text);
            } else {
                health.lines(surroundings.terminal()).forEach(surroundings.out()::println);
            }
            return health.exitCode();
        } catch (AgentPage.DownException e) {
            surroundings.err().println("tidewatch: down: " + e.getMessage() + ". " + advice(surroundings.folders()));
            return ExitCodes.DOWN;
        }
    }

    private static String advice(Folders folders) {
        Optional<Long> process = AgentPage.process(folders);
        return process.isPresent()
                ? "Process " + process.get() + " works on " + folders.state()
                        + ": it may be starting, or serve health elsewhere. Its log tells."
                : "Start it with 'systemctl start tidewatch' or 'tidewatch run'; 'tidewatch doctor' looks for what is"
                        + " in the way.";
    }

    private static Json parse(String text) {
        try {
            return Json.parse(text);
        } catch (IOException e) {
            // It was read once already.
            throw new UncheckedIOException(e);
        }
    }
}
