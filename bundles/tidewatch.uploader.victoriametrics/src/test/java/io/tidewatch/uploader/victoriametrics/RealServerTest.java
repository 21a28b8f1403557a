package io.tidewatch.uploader.victoriametrics;

import static org.assertj.core.api.Assertions.assertThat;

import io.tidewatch.api.collector.Metric;
import io.tidewatch.api.collector.Unit;
import io.tidewatch.api.store.Priority;
import io.tidewatch.api.store.SampleBatch;
import io.tidewatch.testing.server.VictoriaMetrics;
import io.tidewatch.testing.store.ListStore;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Random;
import java.util.TreeMap;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What goes into the uploader comes out of a real VictoriaMetrics. */
class RealServerTest {
    private static final Clock CLOCK = Clock.systemUTC();
    private static final Metric PLAIN = Metric.gauge("odd.plain", Unit.NONE, "Odd values", "port");
    private static final Metric BYTES = Metric.counter("odd.bytes_total", Unit.BYTES, "Large counts", "port");
    private static final Metric HEAT = Metric.gauge("odd.heat", Unit.CELSIUS, "Heat", "port");

    @TempDir
    Path folder;

    @Test
    void samplesComeOutAsTheyWentInAlsoWhenTheServerIsAwayInBetween() throws Exception {
        ListStore list = new ListStore();
        Map<String, Map<Long, Double>> expected = new TreeMap<>();
        UploadProgress progress = new UploadProgress(CLOCK);
        try (VictoriaMetrics server = VictoriaMetrics.start(folder)) {
            UploaderSettings settings = new UploaderSettings(
                    Optional.of(server.importUrl()),
                    Optional.empty(),
                    Duration.ofMillis(100),
                    Duration.ofSeconds(5),
                    2500,
                    50,
                    100,
                    Optional.empty(),
                    Map.of(),
                    new Backoff.Settings(2, Duration.ofMillis(50), Duration.ofMillis(200), 2, 20));
            try (UploadLoop loop = new UploadLoop(
                    () -> list, settings, progress, new ImportClient("1", CLOCK), new Backoff(new Random(1)), CLOCK)) {
                Instant now = Instant.ofEpochMilli(CLOCK.millis());
                append(list, expected, now.minusSeconds(3600), 150);
                loop.start();
                awaitDelivered(list);

                server.stop();
                append(list, expected, now, 150);
                loop.wake();
                Awaitility.await().atMost(Duration.ofSeconds(30)).until(progress::isFailing);
                server.restart();
                awaitDelivered(list);
            }
            server.flush();
            assertThat(server.export("{__name__!=\"\"}")).isEqualTo(expected);
        }
    }

    private static void awaitDelivered(ListStore list) {
        Awaitility.await().atMost(Duration.ofSeconds(30)).until(() -> list.pending()
                .isEmpty());
    }

    /** Values as devices report them: VictoriaMetrics keeps 15 to 17 significant digits. */
    private static void append(ListStore list, Map<String, Map<Long, Double>> expected, Instant begin, int passes)
            throws Exception {
        Random random = new Random(begin.toEpochMilli());
        for (int i = 0; i < passes; i++) {
            Instant time = begin.plusSeconds(i - 1000L);
            double plain = Math.round(random.nextGaussian() * 1e6) / 1e3;
            double bytes = Math.floor(random.nextDouble() * (1L << 50));
            double heat = random.nextInt(-400, 1500) / 10.0;
            list.append(new SampleBatch(
                    time,
                    "rig \"7\"",
                    new TreeMap<>(Map.of("site", "Zürich, 北")),
                    Priority.NORMAL,
                    List.of(PLAIN.sample(plain, "a"), BYTES.sample(bytes, "a"), HEAT.sample(heat, "a"))));
            put(expected, "odd_plain", time, plain);
            put(expected, "odd_bytes_total", time, bytes);
            put(expected, "odd_heat_celsius", time, heat);
        }
    }

    private static void put(Map<String, Map<Long, Double>> expected, String name, Instant time, double value) {
        expected.computeIfAbsent(
                        name + "{device_id=\"rig \\\"7\\\"\",port=\"a\",site=\"Zürich, 北\"}", series -> new TreeMap<>())
                .put(time.toEpochMilli(), value);
    }
}
