package io.tidewatch.store.sqlite.export;

import io.tidewatch.api.config.CheckedOutput;
import java.io.PrintStream;
import java.nio.file.Path;
import java.util.Iterator;
import java.util.List;
import java.util.Locale;
import java.util.Map;

/** The program behind {@code tidewatch backup}; see its {@code --help}. Runs without the framework. */
public final class BackupMain {
    private static final String HELP =
            """
            tidewatch backup: copies the database of an agent that runs or not

              tidewatch backup FILE [--database FILE]

            FILE is one state of the database with all its samples, without a log beside
            it, and verified; one that is there is replaced when the new one is whole.
            Restore it with the agent stopped, in the place of metrics.db and instead of
            metrics.db-wal and metrics.db-shm. 'sqlite3 FILE' reads it.

            Options
              --database FILE   the database to copy (default: metrics.db in
                                TIDEWATCH_STATE, else /var/lib/tidewatch/metrics.db)
              --help            print this

            Exit codes
              0    the file is written, complete and verified
              64   the command line is not understood
              66   the database is missing, is none of this agent's, or cannot be read
              73   the file cannot be written; there is none then, or still the old one
            """;

    private BackupMain() {}

    /** Does what the arguments ask for and ends the process. */
    @AllowedHere("the end of the process, with an exit code")
    public static void main(String[] arguments) {
        CheckedOutput out = CheckedOutput.standard();
        System.exit(out.exitCode(run(List.of(arguments), System.getenv(), out.printer(), System.err), System.err));
    }

    /** @return the exit code */
    public static int run(List<String> arguments, Map<String, String> environment, PrintStream out, PrintStream err) {
        return ExportMain.run("backup", HELP, arguments, out, err, () -> {
            Path database = null;
            Path copy = null;
            Iterator<String> rest = arguments.iterator();
            while (rest.hasNext()) {
                String argument = rest.next();
                if (argument.equals("--database")) {
                    database = ExportArguments.path(argument, ExportArguments.value(argument, rest));
                } else if (argument.startsWith("-")) {
                    throw new ExportArguments.UsageException(
                            "Unknown option '" + argument + "'; accepted are --database and --help");
                } else if (copy == null) {
                    copy = ExportArguments.path("FILE", argument);
                } else {
                    throw new ExportArguments.UsageException("One FILE is accepted, not also '" + argument + "'");
                }
            }
            if (copy == null) {
                throw new ExportArguments.UsageException(
                        "FILE is missing: the file to write, such as metrics-backup.db");
            }
            Path source = database == null ? ExportArguments.defaultDatabase(environment) : database;
            out.printf(Locale.ROOT, "%s: %d bytes, verified%n", copy, Backup.run(source, copy));
        });
    }
}
