package io.tidewatch.store.sqlite.export;

import io.tidewatch.api.store.StoreException;
import java.io.PrintStream;
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
    /** EX_CANTCREAT. */
    public static final int NO_OUTPUT = 73;

    private ExportMain() {}

    /** Does what the arguments ask for and ends the process. */
    @AllowedHere("the end of the process, with an exit code")
    public static void main(String[] arguments) {
        System.exit(run(List.of(arguments), System.getenv(), Clock.systemUTC(), System.out, System.err));
    }

    /** @return the exit code */
    public static int run(
            List<String> arguments, Map<String, String> environment, Clock clock, PrintStream out, PrintStream err) {
        if (arguments.contains("--help") || arguments.contains("-h")) {
            out.print(ExportArguments.help());
            return OK;
        }
        try {
            ExportRequest request = ExportArguments.parse(arguments, environment, clock.instant());
            tell(request, Export.run(request, clock, out), request.isToStandardOutput() ? err : out);
            return OK;
        } catch (ExportArguments.UsageException e) {
            err.println("tidewatch export: " + e.getMessage() + ". 'tidewatch export --help' shows what there is");
            return USAGE;
        } catch (StoreException e) {
            return fail(e, err, NO_DATABASE);
        } catch (ExportException e) {
            return fail(e, err, NO_OUTPUT);
        }
    }

    private static int fail(Exception e, PrintStream err, int code) {
        err.println("tidewatch export: " + e.getMessage());
        return code;
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
