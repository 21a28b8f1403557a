package io.tidewatch.store.sqlite.export;

import io.tidewatch.api.config.CheckedOutput;
import io.tidewatch.api.store.StoreException;
import java.io.OutputStream;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.time.Clock;
import java.util.List;
import java.util.Locale;
import java.util.Map;

/** The program behind {@code tidewatch export}; see its {@code --help}. Runs without the framework. */
public final class ExportMain {
    public static final int OK = 0;
    /** EX_USAGE of sysexits.h. */
    public static final int USAGE = 64;
    /** EX_NOINPUT. */
    public static final int NO_DATABASE = 66;

    public static final int NO_OUTPUT = CheckedOutput.CANNOT_WRITE;

    private ExportMain() {}

    /** Does what the arguments ask for and ends the process. */
    @AllowedHere("the end of the process, with an exit code")
    public static void main(String[] arguments) {
        CheckedOutput out = CheckedOutput.standard();
        int exitCode = run(List.of(arguments), System.getenv(), Clock.systemUTC(), out, System.err);
        // A failure has said what could not be written.
        System.exit(exitCode == OK ? out.exitCode(exitCode, System.err) : exitCode);
    }

    /**
     * @param out standard output, which throws what goes wrong
     * @return the exit code
     */
    public static int run(
            List<String> arguments, Map<String, String> environment, Clock clock, OutputStream out, PrintStream err) {
        PrintStream printed = new PrintStream(out, true, StandardCharsets.UTF_8);
        return run("export", ExportArguments.HELP, arguments, printed, err, () -> {
            ExportRequest request = ExportArguments.parse(arguments, environment, clock.instant());
            tell(request, Export.run(request, clock, out), request.isToStandardOutput() ? err : printed);
        });
    }

    /** What a command does after its arguments are known not to ask for help. */
    interface Work {
        void run() throws ExportArguments.UsageException, StoreException, ExportException;
    }

    /** Runs a command of this bundle; returns the exit code. */
    static int run(String command, String help, List<String> arguments, PrintStream out, PrintStream err, Work work) {
        if (arguments.contains("--help") || arguments.contains("-h")) {
            out.print(help);
            return OK;
        }
        String prefix = "tidewatch " + command;
        try {
            work.run();
            return OK;
        } catch (ExportArguments.UsageException e) {
            err.println(prefix + ": " + e.getMessage() + ". '" + prefix + " --help' shows what there is");
            return USAGE;
        } catch (StoreException e) {
            err.println(prefix + ": " + e.getMessage());
            return NO_DATABASE;
        } catch (ExportException e) {
            err.println(prefix + ": " + e.getMessage());
            return NO_OUTPUT;
        }
    }

    private static void tell(ExportRequest request, ExportReport report, PrintStream out) {
        out.printf(
                Locale.ROOT,
                "%s: %d samples of %d series in %d lines, %d bytes%n",
                request.isToStandardOutput() ? "standard output" : request.output(),
                report.samples(),
                report.series(),
                report.lines(),
                report.bytes());
        report.leftOut().forEach((reason, count) -> out.printf(Locale.ROOT, "left out, %s: %d%n", reason, count));
        if (report.ahead() > 0) {
            out.printf(
                    Locale.ROOT,
                    "more than two days ahead of this clock: %d; a server drops them unless its clock is further on%n",
                    report.ahead());
        }
    }
}
