package io.tidewatch.command;

import io.tidewatch.command.agent.Verb;
import io.tidewatch.config.Nearest;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Stream;

/** The answer to an unknown command: what was probably meant, or what does it instead. */
final class UnknownCommand {
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

    private UnknownCommand() {}

    static String message(String typed) {
        String plain = typed.replaceFirst("^-+", "");
        List<String> names = Stream.concat(Main.VERBS.stream().map(Verb::name), OTHERS.stream())
                .toList();
        String hint = Optional.ofNullable(HABITS.get(plain))
                .map(does -> ": " + does)
                .or(() -> Nearest.of(plain, names).map(name -> "; did you mean '" + name + "'?"))
                .orElse("");
        return "Unknown command '" + typed + "'" + hint + (hint.endsWith("?") ? " " : ". ")
                + "'tidewatch --help' shows what there is.";
    }
}
