package io.tidewatch.testing.server;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.assertj.core.api.Assertions.assertThatIllegalStateException;

import java.io.IOException;
import java.io.OutputStream;
import java.net.ConnectException;
import java.net.HttpURLConnection;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class VictoriaMetricsTest {
    private static final long T = 1_700_000_000_000L;
    private static final String LOAD =
            "{\"metric\":{\"__name__\":\"load\",\"unit\":\"one\",\"device_id\":\"a \\\"b\\\"\"},\"values\":[1,2.5],\"timestamps\":[%d,%d]}\n"
                    .formatted(T, T + 10);
    private static final Map<String, Map<Long, Double>> LOADED =
            Map.of("load{device_id=\"a \\\"b\\\"\",unit=\"one\"}", Map.of(T, 1.0, T + 10, 2.5));

    @TempDir
    Path folder;

    @Test
    void exportsWhatWasImported() throws Exception {
        try (VictoriaMetrics server = VictoriaMetrics.start(folder)) {
            assertThat(post(server, LOAD)).isEqualTo(204);
            assertThat(post(server, LOAD)).isEqualTo(204);
            server.flush();
            assertThat(server.export("{__name__=\"load\"}")).isEqualTo(LOADED);
            assertThat(server.export("{__name__=\"other\"}")).isEmpty();
        }
    }

    @Test
    void exportsTimesFarFromThePresent() throws Exception {
        String line = "{\"metric\":{\"__name__\":\"old\"},\"values\":[7],\"timestamps\":[946684800000]}\n";
        try (VictoriaMetrics server = VictoriaMetrics.start(folder)) {
            post(server, line);
            server.flush();
            assertThat(server.export("old")).isEqualTo(Map.of("old", Map.of(946_684_800_000L, 7.0)));
        }
    }

    @Test
    void keepsPersistedDataWhenKilled() throws Exception {
        try (VictoriaMetrics server = VictoriaMetrics.start(folder)) {
            post(server, LOAD);
            server.persist();
            server.kill();
            assertThatExceptionOfType(ConnectException.class).isThrownBy(server::flush);
            server.restart();
            assertThat(server.export("load")).isEqualTo(LOADED);
        }
    }

    @Test
    void keepsUnflushedDataWhenStopped() throws Exception {
        try (VictoriaMetrics server = VictoriaMetrics.start(folder)) {
            post(server, LOAD);
            server.stop();
            assertThatExceptionOfType(ConnectException.class).isThrownBy(server::flush);
            server.restart();
            assertThat(server.export("load")).isEqualTo(LOADED);
        }
    }

    @Test
    void isNotStartedTwice() throws Exception {
        try (VictoriaMetrics server = VictoriaMetrics.start(folder)) {
            assertThatIllegalStateException().isThrownBy(server::restart).withMessageContaining("still runs");
        }
    }

    @Test
    void closesInAnyState() throws Exception {
        VictoriaMetrics server = VictoriaMetrics.start(folder);
        server.close();
        assertThatExceptionOfType(ConnectException.class).isThrownBy(server::flush);
        server.close();
        server.stop();
    }

    @Test
    void tellsWhatToInstallWhenTheBinaryIsMissing() {
        assertThatIllegalStateException()
                .isThrownBy(() -> VictoriaMetrics.start(folder, folder.toString()))
                .withMessage(
                        "victoria-metrics is not on the PATH; install it (Debian: apt-get install victoria-metrics) or run ./test");
    }

    @Test
    void showsTheLogOfAServerThatEndedAtOnce() throws Exception {
        Path binaries = Files.createDirectory(folder.resolve("bin"));
        Path binary = Files.writeString(binaries.resolve("victoria-metrics"), "#!/bin/sh\necho broken disk\nexit 3\n");
        Files.setPosixFilePermissions(binary, PosixFilePermissions.fromString("rwx------"));
        assertThatIllegalStateException()
                .isThrownBy(() -> VictoriaMetrics.start(folder, binaries.toString()))
                .withMessageContaining("ended with code 3")
                .withMessageContaining("broken disk");
    }

    private static int post(VictoriaMetrics server, String lines) throws IOException {
        HttpURLConnection connection =
                (HttpURLConnection) server.importUrl().toURL().openConnection();
        connection.setDoOutput(true);
        connection.setRequestMethod("POST");
        connection.setRequestProperty("Connection", "close");
        try (OutputStream body = connection.getOutputStream()) {
            body.write(lines.getBytes(StandardCharsets.UTF_8));
        }
        return connection.getResponseCode();
    }
}
