package io.tidewatch.itest.outside;

import java.io.IOException;
import java.net.HttpURLConnection;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.concurrent.TimeUnit;
import org.awaitility.Awaitility;

/** vmauth, which comes with VictoriaMetrics, in front of one: whoever has the token gets through. */
final class VmAuth implements AutoCloseable {
    private final Process process;
    private final int port;

    private VmAuth(Process process, int port) {
        this.process = process;
        this.port = port;
    }

    /**
     * Starts one on loopback.
     *
     * @param configuration where its configuration goes
     * @param server the VictoriaMetrics behind it
     */
    static VmAuth start(Path configuration, String token, URI server) throws IOException {
        Files.writeString(
                configuration, "users:\n- bearer_token: \"" + token + "\"\n  url_prefix: \"" + server + "\"\n");
        int port = freePort();
        Process process = new ProcessBuilder(
                        "vmauth", "-auth.config=" + configuration, "-httpListenAddr=127.0.0.1:" + port)
                .redirectErrorStream(true)
                .redirectOutput(configuration.resolveSibling("vmauth.log").toFile())
                .start();
        VmAuth started = new VmAuth(process, port);
        Awaitility.await("vmauth to serve").atMost(Duration.ofMinutes(1)).until(started::serves);
        return started;
    }

    /** Where samples are sent to. */
    URI importUrl() {
        return URI.create("http://127.0.0.1:" + port + "/api/v1/import");
    }

    @Override
    public void close() throws Exception {
        process.destroy();
        if (!process.waitFor(10, TimeUnit.SECONDS)) {
            process.destroyForcibly();
        }
    }

    private boolean serves() {
        try {
            HttpURLConnection connection = (HttpURLConnection)
                    URI.create("http://127.0.0.1:" + port + "/health").toURL().openConnection();
            return connection.getResponseCode() == 200;
        } catch (IOException e) {
            return false;
        }
    }

    private static int freePort() throws IOException {
        try (ServerSocket socket = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
            return socket.getLocalPort();
        }
    }
}
