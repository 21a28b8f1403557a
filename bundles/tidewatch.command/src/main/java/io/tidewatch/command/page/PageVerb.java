package io.tidewatch.command.page;

import io.tidewatch.command.agent.AgentPage;
import io.tidewatch.command.agent.AgentPage.Reply;
import io.tidewatch.command.agent.AskOptions;
import io.tidewatch.command.agent.Json;
import io.tidewatch.command.agent.Surroundings;
import io.tidewatch.command.agent.Verb;
import io.tidewatch.command.console.Columns;
import io.tidewatch.command.console.CommandException;
import io.tidewatch.command.console.ExitCodes;
import java.io.IOException;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.regex.Pattern;

/** {@code tidewatch page}: the address of the page that the agent serves, the way to it from elsewhere, and who may read it. */
public final class PageVerb extends Verb {
    private static final String FOLDER = "/page/";
    private static final Path HOST_NAME = Path.of("/proc/sys/kernel/hostname");
    private static final Pattern LOOPBACK = Pattern.compile("127\\..*|localhost|\\[::1]");

    public PageVerb() {
        super(
                "page",
                """
                tidewatch page: prints the address of the page of this device

                  tidewatch page [options]

                The running agent serves the page: plots of the local history, and health.
                Prints its address, the command that opens a tunnel to it from another machine,
                and who may read it besides (tidewatch.page.cfg).

                Options
                  --address HOST:PORT   where the agent answers (default: as in
                                        tidewatch.health.cfg)
                  --help                print this

                Exit codes
                  0    the page is served
                  1    it is not served, is closed to this address, or has no usable password
                  3    no agent answers
                  64   the command line is not understood
                  78   tidewatch.health.cfg leaves the port to the system (address with port 0)
                """);
    }

    @Override
    public int run(List<String> arguments, Surroundings surroundings) throws CommandException {
        AgentPage agent = AskOptions.of(this, arguments, false).page(surroundings);
        try {
            Json health = agent.get().health().object("components").object("page");
            Reply page = agent.reply(FOLDER);
            URI root = agent.url().resolve("/");
            if (page.status() == 404) {
                surroundings.remark("the agent at " + root + " serves no page: the bundle tidewatch.page is missing or"
                        + " does not run; 'tidewatch status' names bundles that do not run.");
                return ExitCodes.NOT_WELL;
            }
            boolean closed = page.status() == 403;
            String access = closed
                    ? "closed to this address: " + error(page)
                    : health.text("message").orElse("unknown");
            lines(root, access).lines(surroundings.terminal()).forEach(surroundings.out()::println);
            return closed || !health.text("status").orElse("").equals("ok") ? ExitCodes.NOT_WELL : ExitCodes.OK;
        } catch (AgentPage.DownException e) {
            surroundings.remark("down: " + e.getMessage() + ". " + AgentPage.advice(surroundings.folders()));
            return ExitCodes.DOWN;
        }
    }

    private static Columns lines(URI root, String access) {
        Columns columns = new Columns();
        columns.add(List.of("page", root.toString()));
        if (LOOPBACK.matcher(root.getHost()).matches()) {
            columns.add(List.of(
                    "elsewhere",
                    "ssh -L " + root.getPort() + ":" + root.getAuthority() + " USER@" + hostName()
                            + " (then http://127.0.0.1:" + root.getPort() + "/ there)"));
        }
        columns.add(List.of("access", access));
        return columns;
    }

    private static String error(Reply reply) {
        try {
            return Json.parse(reply.text()).text("error").orElse("403");
        } catch (IOException e) {
            return "403";
        }
    }

    private static String hostName() {
        try {
            return Optional.of(Files.readString(HOST_NAME).strip())
                    .filter(name -> !name.isEmpty())
                    .orElse("DEVICE");
        } catch (IOException e) {
            return "DEVICE";
        }
    }
}
