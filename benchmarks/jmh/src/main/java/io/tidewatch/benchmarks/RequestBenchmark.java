package io.tidewatch.benchmarks;

import io.tidewatch.api.collector.Kind;
import io.tidewatch.api.collector.Unit;
import io.tidewatch.api.config.SettingReader;
import io.tidewatch.api.store.Delivery;
import io.tidewatch.api.store.Priority;
import io.tidewatch.api.store.Series;
import io.tidewatch.api.store.SeriesSamples;
import io.tidewatch.jsonlines.WireLimits;
import io.tidewatch.testing.config.TypedConfiguration;
import io.tidewatch.testing.server.VictoriaMetrics;
import io.tidewatch.uploader.victoriametrics.encoding.Chunk;
import io.tidewatch.uploader.victoriametrics.encoding.ChunkEncoder;
import io.tidewatch.uploader.victoriametrics.encoding.Chunks;
import io.tidewatch.uploader.victoriametrics.encoding.Lines;
import io.tidewatch.uploader.victoriametrics.encoding.RequestSize;
import io.tidewatch.uploader.victoriametrics.http.ImportClient;
import io.tidewatch.uploader.victoriametrics.http.Reply;
import io.tidewatch.uploader.victoriametrics.settings.UploaderConfig;
import io.tidewatch.uploader.victoriametrics.settings.UploaderSettings;
import java.lang.management.ManagementFactory;
import java.time.Clock;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Random;
import java.util.TreeMap;
import java.util.UUID;

/**
 * Measures the rates at which deliveries are cut, encoded, sent to a real VictoriaMetrics and answered, without the store
 * ({@code ./bench uplink request}).
 */
final class RequestBenchmark {
    private static final int SERIES = 60;
    private static final int VALUES = 83;
    private static final int ROUNDS = 5;
    private static final int DELIVERIES = 100;

    private RequestBenchmark() {}

    public static void main(String[] arguments) throws Exception {
        try (VictoriaMetrics server = VictoriaMetrics.start();
                ImportClient client = new ImportClient("1.2.3")) {
            Map<String, String> keys = Map.of("url", server.importUrl().toString());
            UploaderSettings settings = UploaderSettings.read(
                    TypedConfiguration.of(UploaderConfig.class, keys), new SettingReader(new ArrayList<>()));
            Clock clock = Clock.systemUTC();
            System.out.println(
                    "| samples per s | cut and encoded per s | processor s per million | bytes per sample |");
            System.out.println("|---|---|---|---|");
            for (int round = 0; round < ROUNDS; round++) {
                Random random = new Random(round);
                long start = clock.millis() - Duration.ofDays(2).toMillis();
                ChunkEncoder encoder = new ChunkEncoder();
                long begin = System.nanoTime();
                long encoding = 0;
                long cpu = ManagementFactory.getThreadMXBean().getCurrentThreadCpuTime();
                long samples = 0;
                long bytes = 0;
                for (int n = 0; n < DELIVERIES; n++) {
                    Delivery delivery = delivery(start + 10_000L * n * VALUES, random);
                    long encodingBegin = System.nanoTime();
                    Chunks chunks = new Chunks(
                            Lines.of(delivery, settings.lineValues(), Optional.of(WireLimits.STRICTEST))
                                    .slices(),
                            settings.chunkSize(),
                            () -> RequestSize.LARGEST,
                            encoder);
                    Chunk chunk = chunks.next(new ArrayList<>());
                    while (chunk != null) {
                        encoding += System.nanoTime() - encodingBegin;
                        Reply reply = client.post(settings, Optional.of("bench"), encoder.buffer(), encoder.length());
                        if (reply.status() != 204) {
                            throw new IllegalStateException("The server answers " + reply);
                        }
                        samples += chunk.size();
                        bytes += encoder.length();
                        encodingBegin = System.nanoTime();
                        chunk = chunks.next(new ArrayList<>());
                    }
                }
                double seconds = (System.nanoTime() - begin) / 1e9;
                double used = (ManagementFactory.getThreadMXBean().getCurrentThreadCpuTime() - cpu) / 1e9;
                System.out.printf(
                        Locale.ROOT,
                        "| %,.0f | %,.0f | %.2f | %.2f |%n",
                        samples / seconds,
                        samples / (encoding / 1e9),
                        used * 1e6 / samples,
                        (double) bytes / samples);
            }
        }
    }

    private static Delivery delivery(long start, Random random) {
        List<SeriesSamples> all = new ArrayList<>();
        for (int n = 0; n < SERIES; n++) {
            Series series = new Series(
                    "bench.value",
                    n % 2 == 0 ? Kind.GAUGE : Kind.COUNTER,
                    Unit.NONE,
                    "bench",
                    new TreeMap<>(Map.of("n", String.valueOf(n), "site", "studio")),
                    Priority.NORMAL);
            long[] timestamps = new long[VALUES];
            double[] values = new double[VALUES];
            for (int i = 0; i < VALUES; i++) {
                timestamps[i] = start + i * 10_000L;
                values[i] = n % 2 == 0 ? random.nextInt(1000) / 10.0 : 1e6 + i * 1000 + random.nextInt(1000);
            }
            all.add(new SeriesSamples(series, timestamps, values));
        }
        return new Delivery(UUID.randomUUID(), all);
    }
}
