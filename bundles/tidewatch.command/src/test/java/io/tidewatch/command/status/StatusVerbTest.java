package io.tidewatch.command.status;

import static org.assertj.core.api.Assertions.assertThat;

import io.tidewatch.api.collector.Kind;
import io.tidewatch.api.collector.Metric;
import io.tidewatch.api.collector.Unit;
import io.tidewatch.command.CommandRun;
import io.tidewatch.command.CommandRun.Ended;
import io.tidewatch.command.HealthPage;
import io.tidewatch.command.agent.AgentPage;
import io.tidewatch.command.console.Terminal;
import io.tidewatch.store.sqlite.WrittenDatabase;
import io.tidewatch.testing.server.FreePort;
import io.tidewatch.testing.server.PageServer;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.attribute.PosixFilePermissions;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.Statement;
import java.time.Clock;
import java.time.Instant;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CountDownLatch;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class StatusVerbTest {
    private static final String DEGRADED =
            """
            {"status":"degraded","message":"uploader: no connection to vm.example:8428 ('Connection refused')",
            "timestamp":"2026-06-01T12:00:00.000Z","uptime_seconds":183845,"version":"1.2.3","device_id":"rig-2",
            "components":{
            "collector.cpu":{"status":"ok","message":"9 samples in the last pass","timestamp":"","details":{}},
            "collector.thermal":{"status":"error","message":"zone 3 cannot be read\\u001b[31m: I/O error","details":{}},
            "storage":{"status":"ok","message":"Stores samples in /var/lib/tidewatch/metrics.db","details":{
              "database_size_bytes":12897484,"wal_size_bytes":2048,"pending_count":1234}},
            "uploader":{"status":"degraded","message":"no connection to vm.example:8428 ('Connection refused'): is \
            VictoriaMetrics running there?","details":{"enabled":true,"last_upload_time":"2026-06-01T11:56:40.000Z",
              "pending_count":1234,"oldest_pending_seconds":260.5,"nested":[[1,{"a":null}],true]}}}}
            """;

    @TempDir
    Path folder;

    private CommandRun command;

    @BeforeEach
    void makeFolders() throws IOException {
        command = new CommandRun(folder);
    }

    @Test
    void showsTheWorstFirst() throws Exception {
        Ended ended = statusOf(200, DEGRADED);

        assertThat(ended.out())
                .isEqualTo(
                        """
                        tidewatch 1.2.3 on rig-2, up 2d 3h
                        degraded  uploader: no connection to vm.example:8428 ('Connection refused')

                        COMPONENT          STATUS    MESSAGE
                        collector.thermal  error     zone 3 cannot be read [31m: I/O error
                        uploader           degraded  no connection to vm.example:8428 ('Connection refused'): is \
                        VictoriaMetrics running there?
                        collector.cpu      ok        9 samples in the last pass
                        storage            ok        Stores samples in /var/lib/tidewatch/metrics.db

                        1234 samples pending, the oldest 4m 20s old; last upload 3m 20s ago
                        database 12.3 MiB; its log 2.0 KiB
                        """);
        assertThat(ended.err()).isEmpty();
        assertThat(ended.exitCode()).isEqualTo(1);
    }

    @Test
    void theAgeOfTheLastUploadIsThatOfTheAgentWhenTheClockWasSet() throws Exception {
        String page = DEGRADED.replace("\"enabled\":true", "\"enabled\":true,\"time_since_upload_seconds\":12.7");

        assertThat(statusOf(200, page).out()).contains("; last upload 12 s ago\n");
    }

    @Test
    void namesTheCommitThatRuns() throws Exception {
        String body =
                """
                {"status":"ok","message":"fine","version":"1.2.3","device_id":"rig-2","components":{
                "bundles":{"status":"ok","message":"every bundle runs that should","details":{"commit":"0123456789ab"}}}}
                """;

        assertThat(statusOf(200, body).out()).startsWith("tidewatch 1.2.3 (commit 0123456789ab) on rig-2\n");
    }

    @Test
    void fitsANarrowTerminalInColour() throws Exception {
        command.on(new Terminal(48, true));

        assertThat(statusOf(200, DEGRADED).out())
                .isEqualTo(
                        """
                        tidewatch 1.2.3 on rig-2, up 2d 3h
                        ~Y~degraded~0~  uploader: no connection to
                                  vm.example:8428 ('Connection refused')

                        COMPONENT          STATUS    MESSAGE
                        collector.thermal  ~R~error   ~0~  zone 3 cannot be
                                                     read [31m: I/O
                                                     error
                        uploader           ~Y~degraded~0~  no connection to
                                                     vm.example:8428
                                                     ('Connection
                                                     refused'): is
                                                     VictoriaMetrics
                                                     running there?
                        collector.cpu      ~G~ok      ~0~  9 samples in the
                                                     last pass
                        storage            ~G~ok      ~0~  Stores samples in
                                                     /var/lib/tidewatch/
                                                     metrics.db

                        1234 samples pending, the oldest 4m 20s old;
                        last upload 3m 20s ago
                        database 12.3 MiB; its log 2.0 KiB
                        """
                                .replace("~Y~", "\033[33m")
                                .replace("~R~", "\033[31m")
                                .replace("~G~", "\033[32m")
                                .replace("~0~", "\033[0m"));
    }

    @Test
    void printsThePageAsItIs() throws Exception {
        try (HealthPage page = new HealthPage(200, DEGRADED)) {
            command.configure("tidewatch.health", Map.of("address", page.address()));

            assertThat(command.run("status", "--json")).isEqualTo(new Ended(1, DEGRADED, ""));
        }
    }

    @ParameterizedTest
    @CsvSource({"200, ok, 0", "200, degraded, 1", "503, error, 2", "200, dancing, 2"})
    void endsWithTheStateOfTheAgent(int httpStatus, String status, int exitCode) throws Exception {
        assertThat(statusOf(httpStatus, "{\"status\":\"" + status + "\",\"components\":{}}")
                        .exitCode())
                .isEqualTo(exitCode);
    }

    @Test
    void saysThatTheAgentIsDown() throws Exception {
        String address = "127.0.0.1:" + FreePort.next();
        command.configure("tidewatch.health", Map.of("address", address));

        Ended ended = command.run("status");

        assertThat(ended.err())
                .isEqualTo("tidewatch: down: no agent answers at http://" + address + "/health (connection refused)."
                        + " Start it with 'sudo systemctl start tidewatch' or 'tidewatch run'; 'tidewatch doctor' looks"
                        + " for the cause.\n");
        assertThat(ended.out()).startsWith("database  There is no database ").hasLineCount(1);
        assertThat(ended.exitCode()).isEqualTo(3);
    }

    @ParameterizedTest
    @ValueSource(booleans = {true, false})
    void showsTheLastKnownStateOfAnAgentThatIsDown(boolean ended) throws Exception {
        Instant begin = Instant.parse("2026-06-01T12:00:00Z");
        command.configure("tidewatch.health", Map.of("address", "127.0.0.1:" + FreePort.next()))
                .at(Clock.fixed(begin.plusSeconds(3_600), ZoneOffset.UTC));
        Path file = folder.resolve("state/metrics.db");
        Metric load = new Metric("load.1m", Kind.GAUGE, Unit.NONE, "load", List.of());
        Path copy = folder.resolve("copy.db");
        try (WrittenDatabase database = new WrittenDatabase(file, Clock.fixed(begin, ZoneOffset.UTC))) {
            database.append(begin.plusSeconds(10), load.sample(1));
            database.append(begin.plusSeconds(20), load.sample(2));
            try (Connection connection = DriverManager.getConnection("jdbc:sqlite:" + file);
                    Statement statement = connection.createStatement()) {
                statement.execute("VACUUM INTO '" + copy + "'");
            }
        }
        if (!ended) {
            Files.move(copy, file, StandardCopyOption.REPLACE_EXISTING);
        }

        Ended down = command.run("status");

        assertThat(down.out())
                .isEqualTo(
                        """
                        database         %s
                        last start       2026-06-01T12:00:00Z (1h ago)
                        last end         %s
                        newest sample    2026-06-01T12:00:20Z (59m 40s ago)
                        pending samples  2
                        """
                                .formatted(
                                        file,
                                        ended
                                                ? "2026-06-01T12:00:00Z (1h ago), in order"
                                                : "not in order (crash, kill or power cut)"));
        assertThat(down.exitCode()).isEqualTo(3);
        assertThat(command.run("status", "--json").out())
                .contains("\"status\" : \"down\"", "\"pending_samples\" : \"2\"");
    }

    @Test
    void showsEachProblemInALine() throws Exception {
        Ended ended = statusOf(
                200,
                """
                {"status":"degraded","message":"config: 2 problems","components":{"config":{"status":"degraded",
                "message":"2 problems","details":{"problems":["a.cfg:1: one","b.cfg:2: two"]}},
                "uploader":{"status":"ok","message":"uploads work","details":{"server":"http://vm:8428/api/v1/import"}}}}
                """);

        assertThat(ended.out())
                .contains(
                        """
                        config     degraded  2 problems
                                             a.cfg:1: one
                                             b.cfg:2: two
                        """,
                        "uploads go to http://vm:8428/api/v1/import\n");
    }

    @Test
    void namesTheProcessThatDoesNotAnswer() throws Exception {
        long pid = ProcessHandle.current().pid();
        Files.writeString(folder.resolve("state/metrics.db.lock"), pid + "\n");
        command.configure("tidewatch.health", Map.of("address", "127.0.0.1:" + FreePort.next()));

        assertThat(command.run("status").err()).contains("Process " + pid + " works on");
    }

    @Test
    void knowsAnotherProgramThatAnswers() throws Exception {
        Ended ended = statusOf(200, "{\"status\":\"green\"}");

        assertThat(ended.err()).contains("no tidewatch agent");
        assertThat(ended.exitCode()).isEqualTo(3);
    }

    /** As of a stream of events. */
    @Test
    @Tag("slow")
    @Timeout(value = 60, threadMode = Timeout.ThreadMode.SEPARATE_THREAD)
    void doesNotWaitForTheEndOfAnAnswerThatHasNone() throws Exception {
        CountDownLatch ended = new CountDownLatch(1);
        try (PageServer server = new PageServer(out -> {
            out.write("HTTP/1.1 200 OK\r\nContent-Type: text/event-stream\r\n\r\n".getBytes(StandardCharsets.US_ASCII));
            PageServer.drip(out, ended);
        })) {
            Ended status = command.run("status", "--address", "127.0.0.1:" + server.port());

            assertThat(status.err()).contains("down: no agent answers at", "takes more than 10 s");
            assertThat(status.exitCode()).isEqualTo(3);
        } finally {
            ended.countDown();
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"9100", "host:", "host:99999", "a b:1", "[::1:9100"})
    void takesTheDefaultForAnAddressThatIsNone(String address) throws Exception {
        command.configure("tidewatch.health", Map.of("address", address));
        List<String> remarks = new ArrayList<>();

        AgentPage page = AgentPage.of(command.folders(), remarks::add);

        assertThat(page.url()).hasToString("http://127.0.0.1:9100/health");
        assertThat(remarks).singleElement().asString().contains("tidewatch.health.cfg", address, "--address");
        assertThat(command.run("status", "--address", address).exitCode()).isEqualTo(78);
    }

    @Test
    void takesTheDefaultForAFileThatCannotBeRead() throws Exception {
        Files.createDirectory(folder.resolve("config/tidewatch.health.cfg"));
        List<String> remarks = new ArrayList<>();

        AgentPage page = AgentPage.of(command.folders(), remarks::add);

        assertThat(page.url()).hasToString("http://127.0.0.1:9100/health");
        assertThat(remarks).singleElement().asString().contains("it is a folder: ", "--address");
    }

    @Test
    void asksForThePortThatTheSystemChose() throws Exception {
        command.configure("tidewatch.health", Map.of("address", "host:0"));

        Ended ended = command.run("status");

        assertThat(ended.err()).contains("tidewatch.health.cfg", "--address");
        assertThat(ended.exitCode()).isEqualTo(78);
    }

    @Test
    void knowsWhatAnAddressRefersTo() throws Exception {
        try (HealthPage page = HealthPage.ok()) {
            String port = page.address().replaceFirst(".*:", "");
            Files.writeString(
                    folder.resolve("config/tidewatch.health.cfg"), "address = ${env:NOBODY_SETS_THIS}:" + port);
            assertThat(AgentPage.of(command.folders(), remark -> {}).url()).hasToString("http://127.0.0.1:9100/health");
            Files.createDirectories(folder.resolve("config/secrets"));
            Files.writeString(folder.resolve("config/secrets/port"), port);
            Files.setPosixFilePermissions(
                    folder.resolve("config/secrets/port"), PosixFilePermissions.fromString("rw-------"));
            Files.writeString(folder.resolve("config/tidewatch.health.cfg"), "address = 127.0.0.1:${secret:port}");

            assertThat(command.run("status").exitCode()).isZero();
        }
    }

    @ParameterizedTest
    @CsvSource({
        "0.0.0.0:9100,   http://127.0.0.1:9100/health",
        "[::]:9100,      http://[::1]:9100/health",
        "localhost:9100, http://localhost:9100/health",
        "[fe80::1]:1,    http://[fe80::1]:1/health"
    })
    void findsThePageBehindAnAddress(String address, String url) throws Exception {
        assertThat(AgentPage.at(address, "address").url()).hasToString(url);
    }

    @Test
    void refusesWhatItDoesNotKnow() throws Exception {
        assertThat(command.run("status", "--dance").exitCode()).isEqualTo(64);
        assertThat(command.run("status", "--address").err()).contains("--address needs a value");
        assertThat(command.run("dance").exitCode()).isEqualTo(64);
    }

    private Ended statusOf(int httpStatus, String body) throws Exception {
        try (HealthPage page = new HealthPage(httpStatus, body)) {
            command.configure("tidewatch.health", Map.of("address", page.address()));
            return command.run("status");
        }
    }
}
