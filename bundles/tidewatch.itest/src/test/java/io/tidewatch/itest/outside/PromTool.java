package io.tidewatch.itest.outside;

import java.io.IOException;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.concurrent.TimeUnit;

/** The checks that Prometheus brings for what is scraped. */
final class PromTool {
    private static final long LIMIT_SECONDS = 60;

    private PromTool() {}

    /**
     * What {@code promtool check metrics} complains of; empty if nothing.
     *
     * @throws IOException if it is not installed; tests fail without it, they are not skipped
     */
    static String complaints(String page) throws IOException, InterruptedException {
        Path output = Files.createTempFile("promtool", ".txt");
        try {
            Process process = new ProcessBuilder("promtool", "check", "metrics")
                    .redirectErrorStream(true)
                    .redirectOutput(output.toFile())
                    .start();
            try (OutputStream in = process.getOutputStream()) {
                in.write(page.getBytes(StandardCharsets.UTF_8));
            }
            if (!process.waitFor(LIMIT_SECONDS, TimeUnit.SECONDS)) {
                process.destroyForcibly();
                throw new AssertionError("promtool does not end");
            }
            String said = Files.readString(output);
            return process.exitValue() == 0 ? said : said + "exit code " + process.exitValue();
        } finally {
            Files.delete(output);
        }
    }
}
