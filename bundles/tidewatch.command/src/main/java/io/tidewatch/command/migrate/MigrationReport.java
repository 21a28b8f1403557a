package io.tidewatch.command.migrate;

import io.tidewatch.command.agent.FileBatch.NewFile;
import io.tidewatch.command.console.DisplayText;
import java.io.PrintStream;
import java.nio.file.Path;
import java.util.List;

/** Prints the result for each key of the original configuration, and what to do next. */
record MigrationReport(Path source, PrintStream out) {
    private static final int VALUE_WIDTH = 60;

    void files(MigrationPlan plan, List<NewFile> files, Path folder, boolean dryRun) {
        out.println(dryRun ? "Nothing is written. These files would come into " + folder + ":" : "In " + folder + ":");
        for (NewFile file : files) {
            out.println("  " + file.name());
            plan.files
                    .getOrDefault(file.name().replaceFirst("\\.cfg$", ""), List.of())
                    .forEach(value -> out.println("    "
                            + DisplayText.padded(value.key() + " = " + DisplayText.plain(value.shown()), VALUE_WIDTH)
                            + " " + origin(value.origin(), value.line())));
        }
        if (!plan.asDefault().isEmpty()) {
            out.println();
            out.println("Not written, since the agent does so anyway:");
            plan.asDefault().forEach(remark -> out.println("  " + DisplayText.plain(remark.text())));
        }
    }

    void remarks(List<MigrationPlan.Remark> remarks) {
        if (!remarks.isEmpty()) {
            out.println();
            out.println("To know:");
            remarks.forEach(remark -> out.println("  " + located(remark)));
        }
    }

    void nextSteps(List<String> findings, List<String> commands, boolean asRoot) {
        out.println();
        findings.forEach(out::println);
        out.println();
        out.println(asRoot ? "Next, as root:" : "Next:");
        commands.forEach(command -> out.println("  " + command));
    }

    String located(MigrationPlan.Remark remark) {
        return source + (remark.line() > 0 ? ":" + remark.line() : "") + ": " + remark.text();
    }

    private static String origin(String origin, int line) {
        return "# " + DisplayText.plain(origin) + (line > 0 ? ", line " + line : "");
    }
}
