package io.tidewatch.uploader.victoriametrics;

import static org.assertj.core.api.Assertions.assertThat;

import io.tidewatch.api.collector.Metric;
import io.tidewatch.api.collector.Sample;
import io.tidewatch.api.collector.Unit;
import io.tidewatch.api.store.Priority;
import io.tidewatch.api.store.SampleBatch;
import io.tidewatch.testing.config.SecretFile;
import io.tidewatch.testing.config.TypedConfiguration;
import io.tidewatch.testing.server.ReceivedSample;
import io.tidewatch.testing.server.VictoriaMetrics;
import io.tidewatch.testing.server.VmAuth;
import io.tidewatch.testing.store.ListStore;
import io.tidewatch.uploader.victoriametrics.settings.UploaderConfig;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The real vmauth before the real server: whatever is wrong with token and path, samples wait for it to be fixed. */
final class VmAuthDeliveryTest {
    private static final Clock CLOCK = Clock.systemUTC();
    private static final String PATH = "/api/v1/import";

    @TempDir
    Path folder;

    private final ListStore store = new ListStore();
    private final Map<String, String> keys = new HashMap<>();
    private Path token;
    private VictoriaMetrics server;
    private VmAuth gate;
    private Uploader uploader;

    @BeforeEach
    void start() throws IOException {
        server = VictoriaMetrics.start();
        gate = VmAuth.start(server.url(), PATH, "right");
        token = folder.resolve("token");
        keys.put("url", gate.url(PATH).toString());
        keys.put("token.file", token.toString());
        keys.put("upload.interval", "100ms");
        keys.put("retry.initial.backoff", "50ms");
        uploader = new Uploader(configuration(), "1.2.3", CLOCK, new NoServices());
        uploader.bindStore(store);
    }

    @AfterEach
    void stop() throws Exception {
        uploader.deactivate();
        gate.close();
        server.close();
    }

    @Test
    void samplesWaitForTheTokenToBeWrittenAndToBeKnown() throws Exception {
        append(0);
        awaitTrouble("token.file " + token + " does not exist");

        SecretFile.write(token, "early");
        awaitTrouble("check the token in token.file");
        append(1);

        // The token is accepted only later, without anything changing here.
        gate.allow(PATH, "early");
        awaitDelivered();

        gate.allow(PATH, "renewed");
        append(2);
        awaitTrouble("check the token in token.file");
        SecretFile.write(token, "renewed\n");
        awaitDelivered();
        assertEverythingArrived();
    }

    @Test
    void samplesWaitForThePathToBeRight() throws Exception {
        SecretFile.write(token, "right");
        keys.put("url", gate.url("/wrong").toString());
        uploader.modified(configuration());
        append(0);
        awaitTrouble("answers 400", "missing route", "check the path of url");

        keys.put("url", gate.url(PATH).toString());
        uploader.modified(configuration());
        awaitDelivered();
        assertEverythingArrived();
    }

    @Test
    void samplesWaitForTheServerBehindIt() throws Exception {
        SecretFile.write(token, "right");
        server.stop();
        append(0);
        awaitTrouble("answers 502");

        server.restart();
        awaitDelivered();
        assertEverythingArrived();
    }

    @Test
    void whatTheServerBehindItForgetsWhenItIsKilledIsSentAgain() throws Exception {
        SecretFile.write(token, "right");
        append(0);
        awaitDelivered();
        server.kill();
        append(1);
        awaitTrouble("answers 502");

        server.restart();
        awaitDelivered();
        Awaitility.await()
                .atMost(Duration.ofMinutes(1))
                .until(() -> (Long) uploader.check().details().get("resent_total") >= 2);
        awaitDelivered();
        assertEverythingArrived();
    }

    @Test
    void withoutATokenItIsRefused() throws Exception {
        keys.remove("token.file");
        uploader.modified(configuration());
        append(0);
        awaitTrouble("answers 401", "set token.file");
    }

    private UploaderConfig configuration() {
        return TypedConfiguration.of(UploaderConfig.class, keys);
    }

    private void append(int minute) throws Exception {
        Metric gauge = Metric.gauge("test.percent", Unit.PERCENT, "A test", "n");
        Instant time = CLOCK.instant().truncatedTo(ChronoUnit.MINUTES).minusSeconds(3600 - minute * 60L);
        List<Sample> samples = List.of(gauge.sample(minute, "a"), gauge.sample(minute + 0.5, "b"));
        store.append(new SampleBatch(time, "rig-1", new TreeMap<>(), Priority.NORMAL, samples));
    }

    private void awaitTrouble(String... parts) {
        Awaitility.await()
                .atMost(Duration.ofMinutes(1))
                .untilAsserted(() -> assertThat(uploader.check().message()).contains(parts));
        assertThat(store.pending()).isNotEmpty();
        assertThat(store.quarantined()).isEmpty();
    }

    private void awaitDelivered() {
        Awaitility.await().atMost(Duration.ofMinutes(1)).until(() -> store.pending()
                .isEmpty());
    }

    private void assertEverythingArrived() throws IOException {
        server.flush();
        Set<ReceivedSample> stored = new HashSet<>();
        server.export("{device_id=\"rig-1\"}")
                .forEach((labels, points) ->
                        points.forEach((time, value) -> stored.add(new ReceivedSample(labels, time, value))));
        Set<ReceivedSample> expected = new HashSet<>();
        store.entries().forEach(entry -> expected.add(Samples.onTheWire(entry)));
        assertThat(stored).isEqualTo(expected);
    }
}
