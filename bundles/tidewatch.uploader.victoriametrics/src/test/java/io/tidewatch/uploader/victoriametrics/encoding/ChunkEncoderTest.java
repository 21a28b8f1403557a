package io.tidewatch.uploader.victoriametrics.encoding;

import static org.assertj.core.api.Assertions.assertThat;

import io.tidewatch.api.store.SeriesSamples;
import io.tidewatch.api.store.Slice;
import io.tidewatch.jsonlines.WireLabels;
import io.tidewatch.testing.server.ImportLines;
import io.tidewatch.testing.server.ReceivedSample;
import io.tidewatch.uploader.victoriametrics.Samples;
import java.io.IOException;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.TreeMap;
import org.junit.jupiter.api.Test;

final class ChunkEncoderTest {
    private final ChunkEncoder encoder = new ChunkEncoder();

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
                TreeMap<String, String> labels = new TreeMap<>(WireLabels.ofTags(samples.series()));
                labels.put("__name__", WireLabels.metricName(samples.series()));
                labels.put("device_id", samples.series().deviceId());
                for (int i = from; i < to; i++) {
                    expected.add(new ReceivedSample(labels, samples.timestamp(i), samples.value(i) + 0.0));
                }
            }

            assertThat(encoder.encode(slices, RequestSize.LARGEST)).isTrue();
            assertThat(ImportLines.decodeGzip(bytes())).as("seed %s", seed).isEqualTo(expected);
        }
    }

    @Test
    void keepsItsLimitAndItsBufferBounded() {
        ChunkEncoder small = new ChunkEncoder();
        Random random = new Random(1);
        double[] values = random.doubles(10_000).toArray();
        Slice big = Samples.samples(Samples.series("a", Map.of()), values).all();

        assertThat(small.encode(List.of(big), 2000)).isFalse();
        assertThat(small.buffer().length).isLessThanOrEqualTo(8 << 10);
        assertThat(small.encode(List.of(new Slice(big.samples(), 0, 50)), 2000)).isTrue();
        assertThat(small.length()).isBetween(100, 2000);
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

    private byte[] bytes() {
        return Arrays.copyOf(encoder.buffer(), encoder.length());
    }
}
