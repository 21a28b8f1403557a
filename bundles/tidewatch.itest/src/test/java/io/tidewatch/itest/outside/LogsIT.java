package io.tidewatch.itest.outside;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.tidewatch.testing.config.SecretFile;
import io.tidewatch.testing.server.Fault;
import io.tidewatch.testing.server.ScriptedReceiver;
import io.tidewatch.testing.server.VictoriaMetrics;
import io.tidewatch.testing.server.VmAuth;
import java.io.IOException;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** What the shipped agent logs at DEBUG while uploads fail and work: whole events, and nothing secret. */
class LogsIT {
    private static final String PID = "org.ops4j.pax.logging";
    private static final String TOKEN = "tw-secret-token-7f3a";
    private static final String WRONG_TOKEN = "tw-wrong-token-91bc";
    private static final String PASSWORD = "tw-secret-password-55d0";

    private Path folder;
    private VictoriaMetrics server;
    private AgentProcess agent;

    @BeforeEach
    void start() throws Exception {
        folder = AgentProcess.workFolder("logs");
        server = VictoriaMetrics.start();
        agent = new AgentProcess(AgentProcess.distribution(), folder)
                .configure(PID, logs("json", "DEBUG"))
                .configure("tidewatch.collector.load", Map.of("interval", "250ms"));
    }

    @AfterEach
    void end() throws Exception {
        agent.close();
        server.close();
    }

    @Test
    void eventsHaveTheirFieldsAndNothingSecretIsToldAnywhere() throws Exception {
        Path token = SecretFile.write(folder.resolve("token"), WRONG_TOKEN);
        try (VmAuth gate = VmAuth.start(server.url(), "/api/v1/import", TOKEN)) {
            URI url = gate.url("/api/v1/import");
            deliverTo(url, Map.of("token.file", token.toString()));
            agent.start();
            agent.await("a refusal", () -> events("backoff_ms").findAny().isPresent());

            SecretFile.write(token, TOKEN);
            agent.await("an upload", () -> upload(204).isPresent());

            URI withPassword = URI.create(url.toString().replace("http://", "http://streamer:" + PASSWORD + "@"));
            deliverTo(withPassword, Map.of());
            agent.await(
                    "a refused password",
                    () -> agent.component("uploader").has("message")
                            && events("batch_id")
                                    .anyMatch(event -> event.path("http_status").asInt() == 401
                                            || event.path("http_status").asInt() == 400));

            agent.await("the change, without the password", () -> events("message")
                    .map(event -> event.path("message").asText())
                    .anyMatch(text -> text.startsWith("tidewatch.uploader.victoriametrics.cfg: ")
                            && text.contains("url http://" + url.getAuthority())
                            && text.contains(" -> http://…@" + url.getAuthority())));

            assertThat(upload(204).orElseThrow().properties())
                    .extracting(Map.Entry::getKey)
                    .contains(
                            "batch_id",
                            "chunk_index",
                            "attempt",
                            "http_status",
                            "bytes_sent",
                            "bytes_rcvd",
                            "count",
                            "duration_ms");
            assertThat(events("backoff_ms").findFirst().orElseThrow().properties())
                    .extracting(Map.Entry::getKey)
                    .contains("attempt", "backoff_ms", "error", "error_type");
            JsonNode pass = events("collector")
                    .filter(event -> event.has("session_id"))
                    .findFirst()
                    .orElseThrow();
            assertThat(pass.path("count").isNumber()).isTrue();
            assertThat(pass.path("session_id").asText()).isEqualTo(new Database(agent.database()).newestSession());

            assertThat(told()).doesNotContain(TOKEN, WRONG_TOKEN, PASSWORD);
        }
        assertThat(agent.stop()).isZero();
        assertThat(filesThatHold(TOKEN, WRONG_TOKEN, PASSWORD)).isEmpty();
    }

    @Test
    void aWaitThatTheServerAskedForSaysHowLong() throws Exception {
        try (ScriptedReceiver receiver = ScriptedReceiver.start()) {
            receiver.script(Fault.tooManyRequests(Duration.ofSeconds(1)));
            deliverTo(receiver.url(), Map.of());
            // The receiver says a time of its own.
            agent.configure("tidewatch.clockskew", Map.of("enabled", "false"));
            agent.start();
            agent.await(
                    "a wait that was asked for",
                    () -> events("retry_after_sec").findAny().isPresent());

            assertThat(events("retry_after_sec")
                            .findFirst()
                            .orElseThrow()
                            .path("retry_after_sec")
                            .numberValue())
                    .isEqualTo(1);
            agent.await("an upload", () -> upload(204).isPresent());
        }
    }

    @Test
    void levelAndFormatChangeWhileTheAgentRuns() throws Exception {
        agent.configure(PID, logs("json", "INFO")).start();
        agent.await(
                "some passes",
                () -> agent.component("collector.load")
                                .path("details")
                                .path("collected_total")
                                .asLong()
                        > 20);
        assertThat(events("session_id")).as("passes at INFO").isEmpty();

        agent.configure(PID, logs("json", "DEBUG"));
        agent.await("passes at DEBUG", () -> events("session_id").findAny().isPresent());

        agent.configure(PID, logs("console", "DEBUG"));
        agent.await(
                "a line for people",
                () -> agent.output().lines().anyMatch(line -> !line.startsWith("{") && line.contains("Pass of load")));
    }

    private static Map<String, String> logs(String format, String level) {
        return Map.of(
                "format",
                format,
                "level",
                level,
                "org.ops4j.pax.logging.logback.config.file",
                "${tidewatch.home}/lib/logging/configured.xml");
    }

    private void deliverTo(URI url, Map<String, String> more) throws IOException {
        Map<String, String> values = new TreeMap<>(more);
        values.put("url", url.toString());
        values.put("upload.interval", "1s");
        values.put("retry.initial.backoff", "300ms");
        values.put("retry.max.backoff", "500ms");
        agent.configure("tidewatch.uploader.victoriametrics", values);
    }

    private Optional<JsonNode> upload(int status) {
        return events("batch_id")
                .filter(event -> event.path("http_status").asInt() == status)
                .findFirst();
    }

    /** The entries that have a field; each line of JSON is checked on the way. */
    private Stream<JsonNode> events(String field) {
        List<JsonNode> events = new ArrayList<>();
        String output = agent.output();
        output.substring(0, output.lastIndexOf('\n') + 1)
                .lines()
                .filter(line -> line.startsWith("{"))
                .forEach(line -> events.add(parsed(line)));
        return events.stream().filter(event -> event.has(field));
    }

    private static JsonNode parsed(String line) {
        try {
            JsonNode event = new ObjectMapper().readTree(line);
            assertThat(event.properties())
                    .extracting(Map.Entry::getKey)
                    .as(line)
                    .startsWith("time", "level", "logger", "message");
            assertThat(Instant.parse(event.path("time").asText())).isNotNull();
            return event;
        } catch (JsonProcessingException e) {
            throw new AssertionError("Not JSON: " + line, e);
        }
    }

    /** All that the agent says by itself and when asked. */
    private String told() throws IOException {
        StringBuilder told = new StringBuilder(agent.output());
        for (String page : List.of("/health", "/health/ready", "/metrics", "/bundles", "/nothing")) {
            told.append(agent.get(page).body());
        }
        return told.toString();
    }

    /** The files that the agent has written, but for those in which the operator has put a secret. */
    private Set<String> filesThatHold(String... secrets) throws IOException {
        Set<String> found = new TreeSet<>();
        try (Stream<Path> files = Files.walk(folder)) {
            for (Path file : files.filter(Files::isRegularFile).toList()) {
                boolean ofOperator = file.startsWith(folder.resolve("config"))
                        || file.equals(folder.resolve("token"))
                        || isCopyForItsOwner(file);
                String content = Files.readString(file, StandardCharsets.ISO_8859_1);
                if (!ofOperator && Stream.of(secrets).anyMatch(content::contains)) {
                    found.add(file.toString());
                }
            }
        }
        return found;
    }

    /** The last good .cfg files, as the operator wrote them. */
    private boolean isCopyForItsOwner(Path file) throws IOException {
        return file.getParent().equals(folder.resolve("state/config"))
                && PosixFilePermissions.toString(Files.getPosixFilePermissions(file))
                        .equals("rw-------");
    }
}
