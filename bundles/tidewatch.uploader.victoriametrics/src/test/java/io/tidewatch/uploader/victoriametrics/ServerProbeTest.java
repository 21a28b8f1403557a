package io.tidewatch.uploader.victoriametrics;

import static org.assertj.core.api.Assertions.assertThat;

import io.tidewatch.api.clock.Skew;
import io.tidewatch.testing.server.Fault;
import io.tidewatch.testing.server.ScriptedReceiver;
import io.tidewatch.testing.server.VictoriaMetrics;
import io.tidewatch.uploader.victoriametrics.ServerProbe.Result;
import io.tidewatch.uploader.victoriametrics.failure.Reason;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Clock;
import java.time.Duration;
import java.util.HashMap;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class ServerProbeTest {
    @TempDir
    Path folder;

    @Test
    void asksARealServer() throws Exception {
        try (VictoriaMetrics server = VictoriaMetrics.start();
                ServerProbe probe = probe(server.importUrl(), Map.of())) {
            Result result = probe.send();

            assertThat(result.accepted()).as(result.message()).isTrue();
            assertThat(result.skew())
                    .hasValueSatisfying(skew -> assertThat(skew.value().abs()).isLessThanOrEqualTo(skew.accuracy()));
            assertThat(probe.report().orElseThrow().dedupInterval()).contains("1ms");
            assertThat(server.export("{__name__!=\"\"}")).isEmpty();
        }
    }

    @Test
    void sendsWhatTheUploaderWouldButSamples() throws Exception {
        Path token = secret("token", "s3cret");
        try (ScriptedReceiver receiver = ScriptedReceiver.start();
                ServerProbe probe =
                        probe(receiver.url(), Map.of("token.file", token.toString(), "headers", "x-rig=2"))) {
            assertThat(probe.send().accepted()).isTrue();

            ScriptedReceiver.Request request = receiver.requests().get(0);
            assertThat(request.line()).startsWith("POST /api/v1/import ");
            assertThat(request.headers())
                    .containsEntry("Authorization", "Bearer s3cret")
                    .containsEntry("X-Rig", "2")
                    .containsEntry("Content-Encoding", "gzip");
            assertThat(request.samples()).isEmpty();
        }
    }

    @Test
    void judgesAsTheUploaderDoes() throws Exception {
        try (ScriptedReceiver receiver = ScriptedReceiver.start();
                ServerProbe probe = probe(receiver.url(), Map.of())) {
            receiver.script(Fault.HTML_200, Fault.UNAUTHORIZED_401, Fault.RESET_BEFORE_BODY);

            assertThat(probe.send().reason()).contains(Reason.INTERCEPTED);
            assertThat(probe.send().reason()).contains(Reason.HTTP_401);
            assertThat(probe.send().reason()).contains(Reason.NETWORK);
            receiver.refuseConnections();
            // A connection that was kept from the attempt before breaks; a fresh one is refused.
            assertThat(probe.send().reason().orElseThrow()).isIn(Reason.CONNECT, Reason.NETWORK);
        }
    }

    @Test
    void comparesTheClocks() throws Exception {
        Clock late = Clock.offset(Clock.systemUTC(), Duration.ofHours(-3));
        try (VictoriaMetrics server = VictoriaMetrics.start();
                ServerProbe probe =
                        new ServerProbe(Map.of("url", server.importUrl().toString()), "1.2.3", late)) {
            Skew skew = probe.send().skew().orElseThrow();

            assertThat(skew.value().plusHours(3).abs()).isLessThanOrEqualTo(skew.accuracy());
        }
    }

    @Test
    void knowsWhereNothingIsSent() {
        try (ServerProbe nowhere = new ServerProbe(Map.of(), "1.2.3", Clock.systemUTC());
                ServerProbe off = probe(URI.create("http://host/"), Map.of("enabled", "false"))) {
            assertThat(nowhere.url()).isEmpty();
            assertThat(off.url()).isEmpty();
        }
    }

    @Test
    void findsSecretsThatOthersMayRead() throws Exception {
        Path token = secret("token", "s3cret");
        try (ServerProbe probe = probe(URI.create("http://host/"), Map.of("token.file", token.toString()))) {
            assertThat(probe.exposedSecrets()).isEmpty();
            Files.setPosixFilePermissions(token, PosixFilePermissions.fromString("rw-r--r--"));
            assertThat(probe.exposedSecrets()).singleElement().asString().contains("chmod o-rwx " + token);
        }
    }

    private Path secret(String name, String text) throws Exception {
        Path file = Files.writeString(folder.resolve(name), text);
        return Files.setPosixFilePermissions(file, PosixFilePermissions.fromString("rw-------"));
    }

    private static ServerProbe probe(URI url, Map<String, String> more) {
        Map<String, String> values = new HashMap<>(more);
        values.put("url", url.toString());
        return new ServerProbe(values, "1.2.3", Clock.systemUTC());
    }
}
