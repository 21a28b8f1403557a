package io.tidewatch.clockskew;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.tidewatch.api.clock.Stamp;
import io.tidewatch.api.collector.Sample;
import io.tidewatch.api.delivery.DeliveryTarget;
import io.tidewatch.api.health.Status;
import io.tidewatch.api.store.Priority;
import io.tidewatch.testing.config.TypedConfiguration;
import io.tidewatch.testing.store.ListStore;
import io.tidewatch.testing.store.SampleStoreContract;
import java.io.IOException;
import java.net.HttpURLConnection;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.net.URI;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CountDownLatch;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class ClockSkewTest {
    private static final Instant NOW = Instant.parse("2026-05-04T03:02:01.500Z");

    @TempDir
    private Path folder;

    private ScriptedServer server;
    private ClockSkew clockSkew;

    @BeforeEach
    void start() throws IOException {
        server = new ScriptedServer(request -> dated(NOW.minusSeconds(7)));
    }

    @AfterEach
    void stop() throws InterruptedException {
        if (clockSkew != null) {
            clockSkew.deactivate();
            assertThat(Thread.getAllStackTraces().keySet())
                    .noneMatch(thread -> thread.getName().equals("tidewatch-clockskew"));
        }
        server.close();
    }

    @Test
    void hasNothingToCompareWithAlone() {
        activate(Map.of());

        await().until(() -> clockSkew.check().message().equals("nothing to compare the clock with"));
        assertThat(clockSkew.check().status()).isEqualTo(Status.OK);
        assertThat(skew()).isEmpty();
    }

    @Test
    void comparesWithTheServerOfTheUploadsWithItsToken() {
        activate(Map.of());
        clockSkew.bindTarget(new Target(server.url("/api/v1/import?extra_label=a=b"), "s3cret"));

        await().until(() -> clockSkew.check().status() == Status.DEGRADED);
        assertThat(skew()).containsExactly(7000.0);
        assertThat(clockSkew.collect()).extracting(Sample::metric).isSubsetOf(clockSkew.metrics());
        assertThat(clockSkew.check().message()).startsWith("The clock is 7000 ms ahead of the server's");
        assertThat(clockSkew.check().details())
                .containsEntry("skew_ms", 7000L)
                .containsEntry("measured_at", NOW)
                .containsEntry("url", server.url("/health").toString());
        // Once or twice: the start and the target may be one occasion or two.
        assertThat(server.requests()).isNotEmpty().allSatisfy(request -> {
            assertThat(request.path()).isEqualTo("/health");
            assertThat(request.header("Authorization")).isEqualTo("Bearer s3cret");
        });
    }

    @Test
    void anotherServerDoesNotGetTheToken() throws IOException {
        try (ScriptedServer uploads = new ScriptedServer(request -> dated(NOW))) {
            activate(Map.of("url", server.url("/time").toString()));
            await().until(() -> !server.requests().isEmpty());
            clockSkew.bindTarget(new Target(uploads.url("/import"), "s3cret"));

            await().until(() -> server.requests().size() >= 2);
            assertThat(server.requests()).allSatisfy(request -> assertThat(request.header("Authorization"))
                    .isNull());
            assertThat(uploads.requests()).isEmpty();
        }
    }

    @Test
    void reachesTheServerInTheWayOfTheUploads() {
        activate(Map.of());
        clockSkew.bindTarget(behindAProxy(server.url("/import")));

        await().untilAsserted(() -> assertThat(skew()).containsExactly(7000.0));
        assertThat(clockSkew.check().details()).containsEntry("url", "https://uploads_1.test:8428/health");
    }

    @Test
    void survivesATargetWhoseBundleIsTakenAway() {
        activate(Map.of());
        clockSkew.bindTarget(new DeliveryTarget() {
            @Override
            public URI url() {
                return server.url("/import");
            }

            @Override
            public HttpURLConnection connect(String path, Preparation preparation) {
                throw new NoClassDefFoundError("io/tidewatch/uploader/Gone");
            }
        });
        await().untilAsserted(() -> assertThat(
                        String.valueOf(clockSkew.check().details().get("last_error")))
                .contains("io/tidewatch/uploader/Gone"));

        clockSkew.bindTarget(new Target(server.url("/import"), null));
        await().untilAsserted(() -> assertThat(skew()).containsExactly(7000.0));
    }

    @Test
    void aUrlOnTheServerOfTheUploadsGetsTheToken() {
        activate(Map.of("url", server.url("/time?a=%20b").toString()));
        clockSkew.bindTarget(new Target(server.url("/import"), "s3cret"));

        await().until(() -> server.requests().stream()
                .anyMatch(request -> "Bearer s3cret".equals(request.header("Authorization"))));
        assertThat(server.requests())
                .allSatisfy(request -> assertThat(request.path()).isEqualTo("/time?a=%20b"));
    }

    @Test
    void followsATargetThatComesChangesAndGoes() throws IOException {
        activate(Map.of());
        DeliveryTarget first = new Target(server.url("/import"), null);
        clockSkew.bindTarget(first);
        await().until(() -> !skew().isEmpty());

        try (ScriptedServer other = new ScriptedServer(request -> dated(NOW))) {
            DeliveryTarget second = new Target(other.url("/import"), null);
            clockSkew.bindTarget(second);
            clockSkew.unbindTarget(first);
            await().untilAsserted(() -> assertThat(skew()).containsExactly(0.0));
            int asked = other.requests().size();
            clockSkew.updatedTarget(second);
            await().until(() -> other.requests().size() > asked);

            clockSkew.unbindTarget(second);
            await().until(() -> skew().isEmpty());
        }
    }

    @Test
    void comparesAgainAfterTheInterval() {
        activate(Map.of("url", server.url("/").toString(), "check.interval", "1s"));

        await().until(() -> server.requests().size() >= 2);
    }

    @Test
    void aServerThatFailsIsShownAndNoTrouble() {
        server.script(request -> "HTTP/1.1 302 Found\r\nLocation: http://portal.invalid/\r\nDate: x\r\n");
        activate(Map.of("url", server.url("/").toString()));

        await().until(() -> clockSkew.check().details().containsKey("last_error"));
        assertThat(clockSkew.check().details()).containsEntry("last_error", "the server answered with status 302");
        assertThat(clockSkew.check().status()).isEqualTo(Status.OK);
        assertThat(skew()).isEmpty();
    }

    @Test
    void turnedOffItAsksNobody() {
        activate(Map.of("url", server.url("/").toString()));
        await().until(() -> !skew().isEmpty());

        clockSkew.modified(config(Map.of("url", server.url("/").toString(), "enabled", "false")));

        assertThat(skew()).isEmpty();
        assertThat(clockSkew.check().status()).isEqualTo(Status.OK);
        assertThat(clockSkew.check().message()).isEqualTo("turned off");
        assertThat(clockSkew.check().details()).containsEntry("enabled", false);
    }

    @Test
    void wrongSettingsKeepWhatRunsAndAreShownUntilMended() {
        String url = server.url("/").toString();
        activate(Map.of("url", url, "warn.threshold", "1m"));
        await().until(() -> !skew().isEmpty());

        clockSkew.modified(config(Map.of("url", "nowhere", "warn.threshold", "2s")));
        assertThat(clockSkew.check().status()).isEqualTo(Status.DEGRADED);
        assertThat(clockSkew.check().message())
                .startsWith("fix tidewatch.clockskew.cfg: invalid url \"nowhere\"")
                .contains("The clock is 7000 ms ahead");
        assertThat(clockSkew.check().details()).containsEntry("warn_threshold_ms", 60_000L);

        clockSkew.modified(config(Map.of("url", url, "warn.threshold", "1m")));
        assertThat(clockSkew.check().status()).isEqualTo(Status.OK);
    }

    @Test
    void aWrongValueAtTheStartGivesItsDefault() {
        activate(Map.of("url", server.url("/").toString(), "warn.threshold", "soon"));

        await().until(() -> clockSkew.check().details().containsKey("skew_ms"));
        assertThat(clockSkew.check().details()).containsEntry("warn_threshold_ms", 2000L);
        assertThat(clockSkew.check().message()).contains("invalid warn.threshold \"soon\"");
    }

    @Test
    void uploadsWaitForTheServersClock() throws Exception {
        CountDownLatch answer = new CountDownLatch(1);
        server.script(request -> {
            answer.await();
            return dated(NOW.minus(Duration.ofDays(3)));
        });
        activate(Map.of());
        assertThat(clockSkew.doubt()).hasValue("there is no store; see health of storage");
        clockSkew.bindStore(new ListStore());
        await("nothing to compare with").until(() -> clockSkew.doubt().isEmpty());
        clockSkew.bindTarget(new Target(server.url("/import"), null));

        assertThat(clockSkew.doubt()).hasValue("the clock is being compared with the server's");
        answer.countDown();
        await().until(() -> clockSkew.doubt().orElse("").contains("3 days ahead of the server's"));

        clockSkew.modified(config(Map.of("enabled", "false")));
        await().untilAsserted(() -> assertThat(clockSkew.doubt()).isEmpty());
    }

    @Test
    void aClockThatIsSetIsComparedAgainAndItsSamplesMove() throws Exception {
        Instant early = Instant.parse("1970-01-01T00:00:30Z");
        Machine machine = new Machine(folder, early);
        server.script(request -> dated(NOW));
        clockSkew = new ClockSkew(
                config(Map.of("url", server.url("/").toString())),
                machine.source(),
                Instant.parse("2026-01-01T00:00:00Z"));
        await().until(() -> !skew().isEmpty());
        ListStore store = new ListStore();
        clockSkew.bindStore(store);
        Stamp stamp = clockSkew.now();
        stamp.store(time ->
                store.append(SampleStoreContract.batch(time, Priority.NORMAL, SampleStoreContract.LEVEL.sample(1))));
        assertThat(clockSkew.doubt().orElse("")).startsWith("the clock says 1970-01-01T00:00:30Z");
        assertThat(clockSkew.check().status()).isEqualTo(Status.DEGRADED);

        machine.setClock(Duration.between(early, NOW));

        await().until(() -> clockSkew.doubt().isEmpty());
        assertThat(store.pending()).extracting(ListStore.Entry::timestamp).containsExactly(NOW.toEpochMilli());
        assertThat(stamp.time()).isEqualTo(NOW);
        await().untilAsserted(() -> assertThat(skew()).containsExactly(0.0));
        assertThat(clockSkew.collect())
                .filteredOn(sample -> sample.metric().equals(ClockSkew.STEPS))
                .extracting(Sample::value)
                .containsExactly(1.0);
        assertThat(clockSkew.check().status()).isEqualTo(Status.OK);
        assertThat(clockSkew.check().details())
                .containsEntry("steps_total", 1L)
                .containsEntry("last_step_from", early)
                .containsEntry("last_step_to", NOW)
                .containsEntry("moved_samples_total", 1L);
    }

    @Test
    void stopsWhileAServerDoesNotAnswer() throws Exception {
        try (ServerSocket silent = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
            activate(Map.of("url", "http://127.0.0.1:" + silent.getLocalPort() + "/"));
            try (Socket accepted = silent.accept()) {
                assertThat(accepted.getInputStream().read()).isEqualTo('H');
                clockSkew.deactivate();
                // The thread has ended because it was told to; the read would have gone on for seconds.
                assertThat(clockSkew.check().details()).containsKey("last_error");
                assertThat(clockSkew.check().details().get("last_error").toString())
                        .doesNotContain("SocketTimeoutException");
            }
        }
    }

    private void activate(Map<String, String> values) {
        TimeSource source = new TimeSource(Clock.fixed(NOW, ZoneOffset.UTC), () -> 0, Path.of("absent"));
        clockSkew = new ClockSkew(config(values), source, Instant.EPOCH);
    }

    private List<Double> skew() {
        return clockSkew.collect().stream()
                .filter(sample -> sample.metric().equals(ClockSkew.SKEW))
                .map(Sample::value)
                .toList();
    }

    private static ClockSkew.Config config(Map<String, String> values) {
        return TypedConfiguration.of(ClockSkew.Config.class, new HashMap<>(values));
    }

    /** The header is half a second before the time that it stands for. */
    private static String dated(Instant time) {
        Instant header = time.minus(Duration.ofMillis(500));
        return "HTTP/1.1 200 OK\r\nDate: "
                + DateTimeFormatter.RFC_1123_DATE_TIME.format(header.atOffset(ZoneOffset.UTC)) + "\r\n";
    }

    /** Reaches its server at another address than its name has, as an uploader does with a proxy. */
    private static DeliveryTarget behindAProxy(URI server) {
        return new DeliveryTarget() {
            @Override
            public URI url() {
                return URI.create("https://uploads_1.test:8428/api/v1/import");
            }

            @Override
            public HttpURLConnection connect(String path, Preparation preparation) throws IOException {
                return new Target(server, "s3cret").connect(path, preparation);
            }
        };
    }

    private record Target(URI url, String token) implements DeliveryTarget {
        @Override
        public HttpURLConnection connect(String path, Preparation preparation) throws IOException {
            HttpURLConnection connection =
                    (HttpURLConnection) url.resolve(path).toURL().openConnection();
            if (token != null) {
                connection.setRequestProperty("Authorization", "Bearer " + token);
            }
            preparation.prepare(connection);
            connection.connect();
            return connection;
        }
    }
}
