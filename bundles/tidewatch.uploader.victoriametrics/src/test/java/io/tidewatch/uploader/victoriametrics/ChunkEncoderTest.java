package io.tidewatch.uploader.victoriametrics;

import static org.assertj.core.api.Assertions.assertThat;

import io.tidewatch.api.collector.Kind;
import io.tidewatch.api.collector.Unit;
import io.tidewatch.api.store.Priority;
import io.tidewatch.api.store.Series;
import io.tidewatch.api.store.SeriesSamples;
import io.tidewatch.api.store.Slice;
import io.tidewatch.testing.server.ImportLines;
import io.tidewatch.testing.server.ReceivedSample;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.TreeMap;
import java.util.zip.GZIPInputStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

final class ChunkEncoderTest {
    private final ChunkEncoder encoder = new ChunkEncoder(256 << 10);

    @AfterEach
    void close() {
        encoder.close();
    }

    @Test
    void writesOneLinePerSeriesWithLabelsOnce() throws IOException {
        Series usage = new Series(
                "cpu.usage_percent",
                Kind.GAUGE,
                Unit.PERCENT,
                "rig-2",
                new TreeMap<>(Map.of("core", "all", "site", "studio \"A\"\n")),
                Priority.HIGH);
        Series received = new Series(
                "network.rx_bytes_total", Kind.COUNTER, Unit.BYTES, "rig-2", new TreeMap<>(), Priority.NORMAL);

        assertThat(lines(
                        Samples.samples(usage, 12.5, 13, -0.25).all(),
                        new Slice(Samples.samples(received, 1, 2, 3, 4), 1, 3)))
                .isEqualTo("{\"metric\":{\"__name__\":\"cpu_usage_percent\",\"device_id\":\"rig-2\",\"core\":\"all\","
                        + "\"site\":\"studio \\\"A\\\"\\n\"},\"values\":[12.5,13,-0.25],\"timestamps\":[1000,2000,3000]}\n"
                        + "{\"metric\":{\"__name__\":\"network_rx_bytes_total\",\"device_id\":\"rig-2\"},"
                        + "\"values\":[2,3],\"timestamps\":[2000,3000]}\n");
    }

    @Test
    void leavesLabelsWithoutValueOut() throws IOException {
        Series series = Samples.series("a", Map.of("empty", "", "full", "x"));

        assertThat(lines(Samples.samples(series, 1).all()))
                .contains("{\"__name__\":\"a\",\"device_id\":\"rig-1\",\"full\":\"x\"}");
    }

    @Test
    void writesNumbersShortAndExact() throws IOException {
        double[] values = {
            0, -0.0, 1, -1, 0.1 + 0.2, 1e15, 9007199254740992.0, 1e18, 1e-300, Double.MIN_VALUE, Double.MAX_VALUE, 0.001
        };

        assertThat(lines(Samples.samples(Samples.series("a", Map.of()), values).all()))
                .contains("\"values\":[0,0,1,-1,0.30000000000000004,1000000000000000,9007199254740992,1.0E18,1.0E-300,"
                        + "4.9E-324,1.7976931348623157E308,0.001]");
    }

    @Test
    void whatIsEncodedDecodesToTheSame() throws IOException {
        for (int seed = 0; seed < 200; seed++) {
            Random random = new Random(seed);
            List<Slice> slices = new ArrayList<>();
            List<ReceivedSample> expected = new ArrayList<>();
            int lines = 1 + random.nextInt(20);
            for (int line = 0; line < lines; line++) {
                SeriesSamples samples = randomSamples(random, line);
                int from = random.nextInt(samples.size());
                int to = from + 1 + random.nextInt(samples.size() - from);
                slices.add(new Slice(samples, from, to));
                TreeMap<String, String> labels = new TreeMap<>(LineEncoder.wireTags(samples.series()));
                labels.put("__name__", LineEncoder.wireName(samples.series()));
                labels.put("device_id", samples.series().deviceId());
                for (int i = from; i < to; i++) {
                    expected.add(new ReceivedSample(labels, samples.timestamp(i), samples.value(i) + 0.0));
                }
            }

            assertThat(encoder.encode(slices)).isTrue();
            assertThat(ImportLines.decodeGzip(bytes())).as("seed %s", seed).isEqualTo(expected);
        }
    }

    @Test
    void keepsItsLimitAndItsBufferBounded() {
        try (ChunkEncoder small = new ChunkEncoder(2000)) {
            Random random = new Random(1);
            double[] values = random.doubles(10_000).toArray();
            Slice big = Samples.samples(Samples.series("a", Map.of()), values).all();

            assertThat(small.encode(List.of(big))).isFalse();
            assertThat(small.buffer().length).isLessThanOrEqualTo(8 << 10);
            assertThat(small.encode(List.of(new Slice(big.samples(), 0, 50)))).isTrue();
            assertThat(small.length()).isBetween(100, 2000);
        }
    }

    private static SeriesSamples randomSamples(Random random, int line) {
        TreeMap<String, String> tags = new TreeMap<>();
        for (int tag = random.nextInt(4); tag > 0; tag--) {
            tags.put("tag" + tag, randomText(random));
        }
        int size = 1 + random.nextInt(100);
        long[] timestamps = new long[size];
        double[] values = new double[size];
        long time = 1L + random.nextInt(2_000_000_000);
        for (int i = 0; i < size; i++) {
            time += 1 + random.nextInt(100_000);
            timestamps[i] = time;
            values[i] = randomValue(random);
        }
        return new SeriesSamples(Samples.series("m" + line, tags), timestamps, values);
    }

    private static double randomValue(Random random) {
        double value =
                switch (random.nextInt(4)) {
                    case 0 -> random.nextInt();
                    case 1 -> random.nextLong();
                    case 2 -> random.nextGaussian();
                    default -> Double.longBitsToDouble(random.nextLong());
                };
        return Double.isFinite(value) ? value : 0;
    }

    private static String randomText(Random random) {
        StringBuilder text = new StringBuilder();
        for (int i = random.nextInt(20); i > 0; i--) {
            int c = random.nextInt(random.nextBoolean() ? 0x80 : 0x11_0000);
            text.appendCodePoint(c >= 0xd800 && c < 0xe000 ? 'x' : c);
        }
        return text.toString();
    }

    private String lines(Slice... slices) throws IOException {
        assertThat(encoder.encode(List.of(slices))).isTrue();
        try (GZIPInputStream plain = new GZIPInputStream(new ByteArrayInputStream(bytes()))) {
            return new String(plain.readAllBytes(), StandardCharsets.UTF_8);
        }
    }

    private byte[] bytes() {
        return Arrays.copyOf(encoder.buffer(), encoder.length());
    }
}
