package io.tidewatch.itest.outside;

import java.io.IOException;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;

/** The checks that Prometheus brings for what is scraped, and for rules. */
final class PromTool {
    private static final long LIMIT_SECONDS = 60;

    private PromTool() {}

    /**
     * What {@code promtool check metrics} complains of; empty if nothing.
     *
     * @throws IOException if it is not installed; tests fail without it, they are not skipped
     */
    static String complaints(String page) throws IOException, InterruptedException {
        Ended ended = run(page, "check", "metrics");
        return ended.exitCode() == 0 ? ended.output() : ended.output() + "exit code " + ended.exitCode();
    }

    /**
     * What a command of promtool comes to.
     *
     * @param input what it reads from its standard input
     * @throws IOException if it is not installed; tests fail without it, they are not skipped
     */
    static Ended run(String input, String... arguments) throws IOException, InterruptedException {
        List<String> command = new ArrayList<>(List.of("promtool"));
        command.addAll(List.of(arguments));
        Path output = Files.createTempFile("promtool", ".txt");
        try {
            Process process = new ProcessBuilder(command)
                    .redirectErrorStream(true)
                    .redirectOutput(output.toFile())
                    .start();
            try (OutputStream in = process.getOutputStream()) {
                in.write(input.getBytes(StandardCharsets.UTF_8));
            }
            if (!process.waitFor(LIMIT_SECONDS, TimeUnit.SECONDS)) {
                process.destroyForcibly();
                throw new AssertionError("promtool does not end");
            }
            return new Ended(process.exitValue(), Files.readString(output));
        } finally {
            Files.delete(output);
        }
    }

    /** Exit code, and everything that was printed. */
    record Ended(int exitCode, String output) {}
}
