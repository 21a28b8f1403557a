package io.tidewatch.uploader.victoriametrics;

import static io.tidewatch.jsonlines.WireRules.LONGEST_NAME;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import io.tidewatch.api.collector.Metric;
import io.tidewatch.api.collector.Sample;
import io.tidewatch.api.collector.Unit;
import io.tidewatch.api.health.Status;
import io.tidewatch.api.store.Priority;
import io.tidewatch.api.store.SampleBatch;
import io.tidewatch.jsonlines.WireLimits;
import io.tidewatch.testing.config.TypedConfiguration;
import io.tidewatch.testing.server.ReceivedSample;
import io.tidewatch.testing.server.VictoriaMetrics;
import io.tidewatch.testing.store.ListStore;
import io.tidewatch.uploader.victoriametrics.http.ServerPage;
import io.tidewatch.uploader.victoriametrics.settings.UploaderConfig;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.Set;
import java.util.SortedMap;
import java.util.TreeMap;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/**
 * What goes in comes out of the real server. It keeps whole numbers up to 2^53 and numbers of up to 12 significant digits
 * exactly, others to 12 digits; and it scales the values of a block of one series together, so that a value is kept to
 * about 18 digits below the largest of its neighbours.
 */
final class VictoriaMetricsDeliveryTest {
    private static final Clock CLOCK = Clock.systemUTC();

    private static final List<String> PATHS = List.of(
            "/",
            "/api/v1/import",
            "/api/v1/import/",
            "/prometheus/api/v1/import",
            "/api/v1/import/prometheus",
            "/api/v1/import/prometheus/metrics/job/rig",
            "/api/v1/import/csv",
            "/api/v1/import/csv?format=1:metric:a",
            "/api/v1/import/native",
            "/api/v1/write",
            "/api/v1/push",
            "/api/v1/export",
            "/api/v1/query",
            "/write",
            "/influx/write",
            "/api/v2/write",
            "/influx/api/v2/write",
            "/api/put",
            "/opentsdb/api/put",
            "/datadog/api/v1/series",
            "/datadog/api/v2/series",
            "/newrelic/infra/v2/metrics/events/bulk",
            "/opentelemetry/v1/metrics",
            "/opentelemetry/api/v1/push",
            "/zabbixconnector/api/v1/history",
            "/graphite/tags/tagSeries",
            "/metrics");

    private final ListStore store = new ListStore();
    private final Map<String, String> keys = new HashMap<>();
    private VictoriaMetrics server;
    private Uploader uploader;

    @BeforeEach
    void start() throws IOException {
        server = VictoriaMetrics.start();
        keys.put("url", server.importUrl().toString());
        keys.put("upload.interval", "200ms");
        keys.put("retry.initial.backoff", "100ms");
        uploader = new Uploader(TypedConfiguration.of(UploaderConfig.class, keys), "1.2.3", CLOCK, new NoServices());
        uploader.bindStore(store);
    }

    @AfterEach
    void stop() throws Exception {
        uploader.deactivate();
        server.close();
    }

    @Test
    void samplesInAreSamplesOutThoughTheServerRestarts() throws Exception {
        Instant start = CLOCK.instant().truncatedTo(ChronoUnit.MILLIS).minusSeconds(3600);
        Random random = new Random(3);
        for (int pass = 0; pass < 300; pass++) {
            append(start.plusSeconds(pass * 10L), random);
        }
        awaitDelivered();

        server.stop();
        for (int pass = 300; pass < 330; pass++) {
            append(start.plusSeconds(pass * 10L), random);
        }
        Awaitility.await().untilAsserted(() -> assertThat(uploader.check().message())
                .contains("is VictoriaMetrics running there?"));
        assertThat(store.pending()).hasSize(30 * 40);
        server.restart();
        awaitDelivered();

        server.flush();
        assertThat(stored()).isEqualTo(expected());
    }

    @Test
    void whatTheServerForgetsWhenItIsKilledIsSentAgain() throws Exception {
        Instant start = CLOCK.instant().truncatedTo(ChronoUnit.MILLIS).minusSeconds(3600);
        Random random = new Random(9);
        for (int pass = 0; pass < 300; pass++) {
            append(start.plusSeconds(pass * 10L), random);
        }
        awaitDelivered();
        // It was started within the ten minutes before the uploader.
        awaitResent(0);
        awaitDelivered();
        long before = resent();

        // All of it is in its memory only.
        server.kill();
        append(start.plusSeconds(3001), random);
        Awaitility.await().untilAsserted(() -> assertThat(uploader.check().message())
                .contains("is VictoriaMetrics running there?"));
        server.restart();
        awaitResent(before);
        awaitDelivered();

        server.flush();
        assertThat(stored()).isEqualTo(expected());
    }

    /** The server answers 204 on many of them. */
    @Test
    void noPathOfTheServerTakesSamplesAndKeepsNone() throws Exception {
        Instant time = CLOCK.instant().truncatedTo(ChronoUnit.MILLIS).minusSeconds(3600);
        Random random = new Random(5);
        for (String path : PATHS) {
            keys.put("url", server.url().resolve(path).toString());
            uploader.modified(TypedConfiguration.of(UploaderConfig.class, keys));
            time = time.plusSeconds(1);
            append(time, random);
            Awaitility.await(path).until(() -> store.pending().isEmpty() || isDegraded());

            keys.put("url", server.importUrl().toString());
            uploader.modified(TypedConfiguration.of(UploaderConfig.class, keys));
            awaitDelivered();
            server.flush();
            assertThat(stored()).as(path).isEqualTo(expected());
        }
    }

    private boolean isDegraded() {
        return uploader.check().status().equals(Status.DEGRADED);
    }

    @Test
    void numbersKeepTheirValue() throws Exception {
        double[] exact = {
            0,
            1,
            -1,
            0.1,
            99.99,
            1e-7,
            1e-300,
            1e300,
            123456.789012,
            9007199254740991.0,
            -9007199254740992.0,
            1e18,
            1e22
        };
        double[] close = {0.1 + 0.2, 1.0 / 3, Math.PI, -Math.E * 1e5, 1.7976931348623157E308, Math.pow(2, 60)};
        Metric metric = Metric.gauge("test.number", Unit.NONE, "A test", "n");
        List<Sample> samples = new ArrayList<>();
        for (int i = 0; i < exact.length; i++) {
            samples.add(metric.sample(exact[i], "exact" + i));
        }
        for (int i = 0; i < close.length; i++) {
            samples.add(metric.sample(close[i], "close" + i));
        }
        samples.add(metric.sample(-0.0, "minus"));
        store.append(
                new SampleBatch(CLOCK.instant().minusSeconds(10), "rig-1", new TreeMap<>(), Priority.NORMAL, samples));
        awaitDelivered();
        server.flush();

        Map<String, Double> values = new HashMap<>();
        server.export("{__name__=\"test_number\"}")
                .forEach((labels, points) ->
                        values.put(labels.get("n"), points.values().iterator().next()));
        for (int i = 0; i < exact.length; i++) {
            assertThat(values).containsEntry("exact" + i, exact[i]);
        }
        for (int i = 0; i < close.length; i++) {
            assertThat(values.get("close" + i) / close[i]).isCloseTo(1, within(1e-11));
        }
        // The sign of zero is lost, as in the server itself.
        assertThat(values).containsEntry("minus", 0.0);
    }

    @Test
    void labelsKeepTheirText() throws Exception {
        WireLimits limits = ServerPage.read(new ByteArrayInputStream(server.get("/metrics")))
                .orElseThrow()
                .limits();
        String longest = "x".repeat(limits.valueBytes());
        String[] texts = {
            "plain", "ünï çödé 😀", "quote \" back \\ slash / line \n tab \t", "\u0000\u0001\u007f", " ", longest
        };
        String[] tags = new String[limits.labels() - 2];
        for (int i = 0; i < tags.length; i++) {
            tags[i] = "tag" + i;
        }
        tags[0] = "t" + "0".repeat(LONGEST_NAME - 1);
        Metric metric = Metric.gauge("test.text", Unit.NONE, "A test", tags);
        List<Sample> samples = new ArrayList<>();
        for (String text : texts) {
            String[] values = new String[tags.length];
            Arrays.fill(values, "x");
            values[0] = text;
            samples.add(metric.sample(1, values));
        }
        Instant time = CLOCK.instant().truncatedTo(ChronoUnit.MILLIS).minusSeconds(10);
        store.append(new SampleBatch(time, "rig-1", new TreeMap<>(), Priority.NORMAL, samples));
        awaitDelivered();
        server.flush();

        assertThat(store.quarantined()).isEmpty();
        assertThat(stored()).isEqualTo(expected());
    }

    private void append(Instant time, Random random) throws Exception {
        Metric gauge = Metric.gauge("test.percent", Unit.PERCENT, "A test", "n");
        Metric counter = Metric.counter("test.bytes_total", Unit.BYTES, "A test", "n");
        List<Sample> samples = new ArrayList<>();
        for (int n = 0; n < 20; n++) {
            samples.add(gauge.sample(random.nextInt(10_000) / 100.0, String.valueOf(n)));
            samples.add(counter.sample((double) time.toEpochMilli() * n, String.valueOf(n)));
        }
        store.append(new SampleBatch(time, "rig-1", new TreeMap<>(), Priority.NORMAL, samples));
    }

    private void awaitResent(long more) {
        Awaitility.await().atMost(Duration.ofMinutes(1)).until(() -> resent() > more);
    }

    private long resent() {
        return (long) uploader.check().details().get("resent_total");
    }

    private void awaitDelivered() {
        Awaitility.await().atMost(Duration.ofMinutes(1)).until(() -> store.pending()
                .isEmpty());
    }

    private Set<ReceivedSample> stored() throws IOException {
        Set<ReceivedSample> stored = new HashSet<>();
        for (Map.Entry<SortedMap<String, String>, SortedMap<Long, Double>> series :
                server.export("{device_id=\"rig-1\"}").entrySet()) {
            series.getValue().forEach((time, value) -> stored.add(new ReceivedSample(series.getKey(), time, value)));
        }
        return stored;
    }

    private Set<ReceivedSample> expected() {
        Set<ReceivedSample> expected = new HashSet<>();
        store.entries().forEach(entry -> expected.add(Samples.onTheWire(entry)));
        return expected;
    }
}
