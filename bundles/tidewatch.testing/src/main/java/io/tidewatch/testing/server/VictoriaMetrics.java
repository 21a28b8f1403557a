package io.tidewatch.testing.server;

import static org.awaitility.Awaitility.await;

import java.io.File;
import java.io.IOException;
import java.io.InputStream;
import java.net.HttpURLConnection;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.URI;
import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Map;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/**
 * The real VictoriaMetrics, single node, on a free port of the loopback interface, with the flags that tidewatch asks
 * its users to set: duplicates are removed to the millisecond.
 *
 * <p>Threads: every method may be called from any thread; one waits for the other.
 */
public final class VictoriaMetrics implements AutoCloseable {
    private static final String BINARY = "victoria-metrics";
    private static final Duration LIMIT = Duration.ofSeconds(60);
    private static final int PORT_ATTEMPTS = 3;

    private final Path binary;
    private final Path folder;
    private final int port;
    private @Nullable Process process;

    private VictoriaMetrics(Path binary, Path folder, int port) {
        this.binary = binary;
        this.folder = folder;
        this.port = port;
    }

    /**
     * Starts a server and waits until it is healthy.
     *
     * @param folder where its data and its log are kept; created if missing
     * @throws IllegalStateException if the binary is not on the PATH, or if the server ended at once; the message has
     *     its log
     * @throws IOException if the folder cannot be written or the process not be started
     */
    public static VictoriaMetrics start(Path folder) throws IOException {
        return start(folder, System.getenv().getOrDefault("PATH", ""));
    }

    static VictoriaMetrics start(Path folder, String searchPath) throws IOException {
        Path binary = find(searchPath);
        Files.createDirectories(folder);
        for (int attempt = 1; ; attempt++) {
            VictoriaMetrics server = new VictoriaMetrics(binary, folder, freePort());
            try {
                server.restart();
                return server;
            } catch (IOException | RuntimeException failure) {
                server.close();
                // Between finding a port and listening on it, another process may take it.
                if (attempt == PORT_ATTEMPTS
                        || !String.valueOf(failure.getMessage()).contains("address already in use")) {
                    throw failure;
                }
            }
        }
    }

    /** Base address, without a trailing slash. */
    public URI url() {
        return URI.create("http://127.0.0.1:" + port);
    }

    /** Where JSON lines are posted to. */
    public URI importUrl() {
        return URI.create(url() + "/api/v1/import");
    }

    /** Ends the server with SIGKILL and waits for its end. What it had not yet written to its files is lost. */
    public synchronized void kill() {
        if (process != null) {
            process.destroyForcibly().onExit().join();
            process = null;
        }
    }

    /** Ends the server with SIGTERM and waits for its end. It writes everything to its files before. */
    public synchronized void stop() {
        Process running = process;
        if (running != null) {
            running.destroy();
            await("end of " + BINARY).atMost(LIMIT).until(() -> !running.isAlive());
            process = null;
        }
    }

    /**
     * Starts the server again after {@link #kill} or {@link #stop}, on the same port with the same data, and waits until
     * it is healthy.
     *
     * @throws IllegalStateException if it still runs, or if it ended at once; the message has its log
     * @throws IOException if the process cannot be started
     */
    public synchronized void restart() throws IOException {
        if (process != null && process.isAlive()) {
            throw new IllegalStateException(BINARY + " still runs: kill or stop it first");
        }
        Path log = folder.resolve(BINARY + ".log");
        Process started = new ProcessBuilder(
                        binary.toString(),
                        "-httpListenAddr=127.0.0.1:" + port,
                        "-storageDataPath=" + folder.resolve("data"),
                        "-dedup.minScrapeInterval=1ms",
                        "-retentionPeriod=100y",
                        "-search.latencyOffset=0s",
                        "-loggerLevel=WARN")
                .redirectErrorStream(true)
                .redirectOutput(ProcessBuilder.Redirect.appendTo(log.toFile()))
                .start();
        process = started;
        await("health of " + BINARY).atMost(LIMIT).until(() -> !started.isAlive() || isHealthy());
        if (!started.isAlive()) {
            throw new IllegalStateException(
                    BINARY + " ended with code " + started.exitValue() + ": " + Files.readString(log));
        }
    }

    /**
     * Makes everything that was imported visible to queries. It is still only in memory: a {@link #kill} in the next
     * seconds loses it.
     *
     * @throws IOException if the server does not answer
     */
    public synchronized void flush() throws IOException {
        get("/internal/force_flush");
    }

    /**
     * Writes everything that was imported to the server's files, so that a {@link #kill} does not lose it.
     *
     * @throws IOException if the server does not answer
     */
    public synchronized void persist() throws IOException {
        // A forced flush stops at parts in memory (1.79.5); a snapshot is made of files.
        get("/snapshot/create");
        get("/snapshot/delete_all");
    }

    /**
     * What the server holds, of all times. {@link #flush} before, or the latest may be missing.
     *
     * @param selector a series selector: {@code {device_id="d1"}}
     * @return timestamps (milliseconds since the epoch) and values by series, in the form of
     *     {@link ReceivedSample#series}, both sorted
     * @throws IOException if the server does not answer, or refuses the selector
     */
    public synchronized Map<String, Map<Long, Double>> export(String selector) throws IOException {
        byte[] lines = get("/api/v1/export?start=0&end=253402300799&match%5B%5D="
                + URLEncoder.encode(selector, StandardCharsets.UTF_8));
        Map<String, Map<Long, Double>> series = new TreeMap<>();
        for (ReceivedSample sample : JsonLines.read(lines)) {
            series.computeIfAbsent(sample.series(), name -> new TreeMap<>()).put(sample.timestamp(), sample.value());
        }
        return series;
    }

    /** Ends the server, whatever state it is in. Its files stay. */
    @Override
    public void close() {
        kill();
    }

    private boolean isHealthy() {
        try {
            get("/health");
            return true;
        } catch (IOException notYet) {
            return false;
        }
    }

    private byte[] get(String path) throws IOException {
        HttpURLConnection connection =
                (HttpURLConnection) URI.create(url() + path).toURL().openConnection();
        connection.setConnectTimeout((int) LIMIT.toMillis());
        connection.setReadTimeout((int) LIMIT.toMillis());
        // No connection is kept: the server at its other end may be killed.
        connection.setRequestProperty("Connection", "close");
        try (InputStream answer = connection.getInputStream()) {
            return answer.readAllBytes();
        } finally {
            connection.disconnect();
        }
    }

    private static Path find(String searchPath) {
        for (String directory : searchPath.split(File.pathSeparator, -1)) {
            Path candidate = Path.of(directory, BINARY);
            if (!directory.isEmpty() && Files.isRegularFile(candidate) && Files.isExecutable(candidate)) {
                return candidate;
            }
        }
        throw new IllegalStateException(
                "victoria-metrics is not on the PATH; install it (Debian: apt-get install victoria-metrics) or run ./test");
    }

    private static int freePort() throws IOException {
        try (ServerSocket socket = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
            return socket.getLocalPort();
        }
    }
}
