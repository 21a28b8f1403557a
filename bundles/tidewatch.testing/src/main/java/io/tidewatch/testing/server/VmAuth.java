package io.tidewatch.testing.server;

import io.tidewatch.testing.collector.FixtureTree;
import java.io.IOException;
import java.net.HttpURLConnection;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.concurrent.TimeUnit;
import org.awaitility.Awaitility;

/**
 * A real vmauth on a free port of 127.0.0.1 that lets one bearer token through to the imports of a server. It answers
 * as vmauth does: 401 without a token, 400 to a token or a path that it does not know, 502 while the server is down.
 * Not safe for use by several threads.
 */
public final class VmAuth implements AutoCloseable {
    private static final String BINARY = "vmauth";
    private static final Duration START_LIMIT = Duration.ofMinutes(1);
    private static final int STOP_LIMIT_SECONDS = 60;
    private static final int CALL_LIMIT_MS = 60_000;

    private final URI server;
    private final Path folder;
    private final int port;
    private final Process process;

    private VmAuth(URI server, Path folder, int port, Process process) {
        this.server = server;
        this.folder = folder;
        this.port = port;
        this.process = process;
    }

    /**
     * Starts one and waits until it answers. Tests fail where it is not installed, they are not skipped.
     *
     * @param path the path that is let through, such as {@code /api/v1/import}
     */
    public static VmAuth start(URI server, String path, String token) throws IOException {
        Path folder = Files.createTempDirectory("vmauth");
        write(folder, server, path, token);
        int port = FreePort.next();
        Process process = new ProcessBuilder(
                        BINARY, "-httpListenAddr=127.0.0.1:" + port, "-auth.config=" + folder.resolve("auth.yml"))
                .redirectErrorStream(true)
                .redirectOutput(folder.resolve("log").toFile())
                .start();
        VmAuth started = new VmAuth(server, folder, port, process);
        Awaitility.await("vmauth to answer; its log is " + folder.resolve("log"))
                .atMost(START_LIMIT)
                .pollInterval(Duration.ofMillis(50))
                .until(() -> process.isAlive() && started.status("/health") == 200);
        return started;
    }

    /** Where samples are sent to, if that path is let through. */
    public URI url(String path) {
        return URI.create("http://127.0.0.1:" + port + path);
    }

    /** From now on another path and token are let through, and no others. */
    public void allow(String path, String token) throws IOException {
        write(folder, server, path, token);
        status("/-/reload");
    }

    @Override
    public void close() throws IOException {
        process.destroyForcibly();
        try {
            process.waitFor(STOP_LIMIT_SECONDS, TimeUnit.SECONDS);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
        FixtureTree.empty(folder).remove("");
    }

    private static void write(Path folder, URI server, String path, String token) throws IOException {
        Files.writeString(
                folder.resolve("auth.yml"),
                "users:\n- bearer_token: \"" + token + "\"\n  url_map:\n  - src_paths: [\"" + path
                        + "\"]\n    url_prefix: \"" + server + "\"\n");
    }

    private int status(String path) {
        try {
            HttpURLConnection connection = (HttpURLConnection) url(path).toURL().openConnection();
            connection.setConnectTimeout(CALL_LIMIT_MS);
            connection.setReadTimeout(CALL_LIMIT_MS);
            try {
                return connection.getResponseCode();
            } finally {
                connection.disconnect();
            }
        } catch (IOException e) {
            return 0;
        }
    }
}
