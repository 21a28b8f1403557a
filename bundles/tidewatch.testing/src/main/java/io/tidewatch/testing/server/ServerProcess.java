package io.tidewatch.testing.server;

import io.tidewatch.testing.collector.FixtureTree;
import java.io.IOException;
import java.io.InputStream;
import java.net.HttpURLConnection;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.awaitility.Awaitility;
import org.jspecify.annotations.Nullable;

/** A server on a port of 127.0.0.1 in a process of its own, with a folder that goes with it. */
final class ServerProcess {
    private static final Duration LIMIT = Duration.ofMinutes(1);

    private final Path folder;
    private final int port;
    private final List<String> command;
    private @Nullable Process process;

    ServerProcess(Path folder, int port, List<String> command) {
        this.folder = folder;
        this.port = port;
        this.command = command;
    }

    /** Starts it, and waits until it answers. */
    void start() throws IOException {
        Path log = folder.resolve("log");
        ProcessBuilder builder = new ProcessBuilder(command)
                .redirectErrorStream(true)
                .redirectOutput(ProcessBuilder.Redirect.appendTo(log.toFile()));
        Process started;
        try {
            started = builder.start();
        } catch (IOException e) {
            throw new IOException("install it (Debian: apt-get install victoria-metrics) or run ./test", e);
        }
        process = started;
        Awaitility.await(command.get(0) + " to answer; its log is " + log)
                .atMost(LIMIT)
                .pollInterval(Duration.ofMillis(50))
                .until(() -> {
                    if (!started.isAlive()) {
                        throw new IllegalStateException(
                                command.get(0) + " ended with " + started.exitValue() + ": " + Files.readString(log));
                    }
                    return isHealthy();
                });
    }

    URI url(String path) {
        return URI.create("http://127.0.0.1:" + port + path);
    }

    byte[] get(String path) throws IOException {
        HttpURLConnection connection = (HttpURLConnection) url(path).toURL().openConnection();
        connection.setConnectTimeout((int) LIMIT.toMillis());
        connection.setReadTimeout((int) LIMIT.toMillis());
        try (InputStream body = connection.getInputStream()) {
            return body.readAllBytes();
        } finally {
            connection.disconnect();
        }
    }

    void end(boolean forcibly) {
        Process running = process;
        if (running == null) {
            return;
        }
        process = null;
        if (forcibly) {
            running.destroyForcibly();
        } else {
            running.destroy();
        }
        try {
            if (!running.waitFor(LIMIT.toSeconds(), TimeUnit.SECONDS)) {
                running.destroyForcibly().waitFor();
            }
        } catch (InterruptedException e) {
            running.destroyForcibly();
            Thread.currentThread().interrupt();
        }
    }

    /** Kills it and removes its folder. */
    void remove() throws IOException {
        end(true);
        FixtureTree.empty(folder).remove("");
    }

    private boolean isHealthy() {
        try {
            return get("/health").length > 0;
        } catch (IOException e) {
            return false;
        }
    }
}
