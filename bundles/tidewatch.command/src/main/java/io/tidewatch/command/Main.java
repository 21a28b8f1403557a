package io.tidewatch.command;

import io.tidewatch.api.config.CheckedOutput;
import io.tidewatch.command.agent.AllowedHere;
import io.tidewatch.command.agent.Folders;
import io.tidewatch.command.agent.Surroundings;
import io.tidewatch.command.agent.Verb;
import io.tidewatch.command.console.Build;
import io.tidewatch.command.console.CommandException;
import io.tidewatch.command.console.ExitCodes;
import io.tidewatch.command.console.Terminal;
import io.tidewatch.command.doctor.DoctorVerb;
import io.tidewatch.command.migrate.MigrateVerb;
import io.tidewatch.command.page.PageVerb;
import io.tidewatch.command.profile.ProfileVerb;
import io.tidewatch.command.status.StatusVerb;
import io.tidewatch.command.tail.TailVerb;
import io.tidewatch.command.trial.TryVerb;
import io.tidewatch.config.Nearest;
import java.io.FileDescriptor;
import java.io.FileOutputStream;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.time.Clock;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Stream;

/**
 * The program behind {@code tidewatch status}, {@code page}, {@code doctor}, {@code tail}, {@code try}, {@code profile} and
 * {@code migrate}: plain
 * classes on the class path, so that it starts fast and without a framework. The first argument is the verb.
 */
public final class Main {
    static final List<Verb> VERBS = List.of(
            new StatusVerb(),
            new PageVerb(),
            new DoctorVerb(),
            new TailVerb(),
            new TryVerb(),
            new ProfileVerb(),
            new MigrateVerb(System.getenv("TIDEWATCH_USER")));

    /** Those of the launcher and of the start script. */
    private static final List<String> OTHERS =
            List.of("run", "check", "export", "backup", "archive", "version", "help");

    private static final String LOG = "'journalctl -u tidewatch' shows the log of the service";

    /** Commands of other programs, and what does the same here. */
    private static final Map<String, String> HABITS = Map.of(
            "start", "'systemctl start tidewatch' starts the service, 'tidewatch run' an agent in the foreground",
            "stop", "'systemctl stop tidewatch' stops the service, Ctrl-C an agent in the foreground",
            "restart", "'systemctl restart tidewatch' restarts the service",
            "reload", "'systemctl reload tidewatch' reads the configuration again; a change is found without it",
            "log", LOG,
            "logs", LOG,
            "config", "edit the .cfg files; 'tidewatch check' validates them, 'tidewatch status' names their folder",
            "health", "'tidewatch status' prints it",
            "metrics", "'tidewatch tail' shows the newest samples",
            "upgrade", "'apt-get install ./tidewatch_<newer>_all.deb' upgrades the package");

    private Main() {}

    @AllowedHere("the end of the process, with an exit code")
    public static void main(String[] arguments) throws InterruptedException {
        CheckedOutput out = CheckedOutput.standard();
        PrintStream err = new PrintStream(new FileOutputStream(FileDescriptor.err), true, StandardCharsets.UTF_8);
        Map<String, String> environment = System.getenv();
        int exitCode;
        try {
            Surroundings surroundings = new Surroundings(
                    Folders.find(System.getProperty("tidewatch.home"), environment),
                    Terminal.of(System.getProperty("tidewatch.columns"), environment),
                    Clock.systemUTC(),
                    Build.resource("version"),
                    out.printer(),
                    err);
            exitCode = run(List.of(arguments), surroundings);
        } catch (CommandException e) {
            err.println("tidewatch: " + e.getMessage());
            exitCode = e.exitCode();
        }
        System.exit(out.exitCode(exitCode, err));
    }

    static int run(List<String> arguments, Surroundings surroundings) throws InterruptedException {
        try {
            String typed = arguments.isEmpty() ? "" : arguments.get(0);
            Verb verb = VERBS.stream()
                    .filter(known -> known.name().equals(typed))
                    .findFirst()
                    .orElseThrow(() -> new CommandException(ExitCodes.USAGE, unknown(typed)));
            List<String> rest = arguments.subList(1, arguments.size());
            // After -- begins the command that is tried.
            int end = rest.indexOf("--");
            List<String> own = end < 0 ? rest : rest.subList(0, end);
            if (own.contains("--help") || own.contains("-h")) {
                surroundings.out().print(verb.help());
                return ExitCodes.OK;
            }
            return verb.run(rest, surroundings);
        } catch (CommandException e) {
            surroundings.err().println("tidewatch: " + e.getMessage());
            return e.exitCode();
        }
    }

    /** Returns the answer to an unknown command: what was probably meant, or what does it instead. */
    private static String unknown(String typed) {
        String plain = typed.replaceFirst("^-+", "");
        List<String> names =
                Stream.concat(VERBS.stream().map(Verb::name), OTHERS.stream()).toList();
        String hint = Optional.ofNullable(HABITS.get(plain))
                .map(does -> ": " + does)
                .or(() -> Nearest.of(plain, names).map(name -> "; did you mean '" + name + "'?"))
                .orElse("");
        return "Unknown command '" + typed + "'" + hint + (hint.endsWith("?") ? " " : ". ")
                + "'tidewatch --help' shows what there is.";
    }
}
