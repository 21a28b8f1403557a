package io.tidewatch.uploader.victoriametrics;

import static org.assertj.core.api.Assertions.assertThat;

import io.tidewatch.api.store.SeriesSamples;
import io.tidewatch.api.store.Settlement.Rejection;
import io.tidewatch.api.store.Slice;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.time.Clock;
import java.time.Instant;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Random;
import java.util.TreeMap;
import java.util.zip.GZIPInputStream;
import org.junit.jupiter.api.Test;

class ChunkEncoderTest {
    private static final Instant NOW = Instant.parse("2026-01-01T00:00:00Z");

    private final ChunkEncoder encoder = new ChunkEncoder(new WireRules(Clock.fixed(NOW, ZoneOffset.UTC)));

    @Test
    void cutsSeriesIntoLinesAndLinesIntoChunks() throws Exception {
        SeriesSamples long1 = Samples.samples("a", 250);
        SeriesSamples short1 = Samples.samples("b", 3);
        encoder.begin(Samples.delivery(long1, short1), 3, 100);

        List<List<Slice>> chunks = new ArrayList<>();
        for (Optional<Chunk> chunk = encoder.next(); chunk.isPresent(); chunk = encoder.next()) {
            assertThat(lines(chunk.get())).hasSize(chunk.get().lines().size());
            chunks.add(chunk.get().lines());
        }

        assertThat(chunks)
                .containsExactly(
                        List.of(new Slice(long1, 0, 100), new Slice(long1, 100, 200), new Slice(long1, 200, 250)),
                        List.of(new Slice(short1, 0, 3)));
        assertThat(encoder.rejections()).isEmpty();
    }

    @Test
    void takesTheFirstSamplesInTheOrderOfTheRequest() {
        SeriesSamples a = Samples.samples("a", 2);
        SeriesSamples b = Samples.samples("b", 3);
        Chunk chunk = new Chunk(List.of(a.all(), b.all()), new byte[0], 0);

        assertThat(chunk.samples()).isEqualTo(5);
        assertThat(chunk.first(0)).isEmpty();
        assertThat(chunk.first(1)).containsExactly(new Slice(a, 0, 1));
        assertThat(chunk.first(4)).containsExactly(a.all(), new Slice(b, 0, 2));
        assertThat(chunk.first(5)).containsExactly(a.all(), b.all());
    }

    @Test
    void splitsWhatWouldExceedTheLimit() throws Exception {
        // Labels that do not compress: 40 lines of 20 values of 1 KiB are about 600 KiB.
        List<SeriesSamples> series = new ArrayList<>();
        Random random = new Random(7);
        for (int i = 0; i < 40; i++) {
            Map<String, String> tags = new TreeMap<>();
            for (int tag = 0; tag < 20; tag++) {
                tags.put("tag" + tag, noise(random, 1 << 10));
            }
            series.add(new SeriesSamples(Samples.series("s" + i, tags), new long[] {1}, new double[] {1}));
        }
        encoder.begin(Samples.delivery(series.toArray(SeriesSamples[]::new)), 50, 100);

        List<SeriesSamples> sent = new ArrayList<>();
        int chunks = 0;
        for (Optional<Chunk> chunk = encoder.next(); chunk.isPresent(); chunk = encoder.next()) {
            assertThat(chunk.get().length()).isLessThanOrEqualTo(ChunkEncoder.MAX_BYTES);
            assertThat(lines(chunk.get())).hasSize(chunk.get().lines().size());
            chunk.get().lines().forEach(line -> sent.add(line.samples()));
            chunks++;
        }
        assertThat(chunks).isGreaterThan(1);
        assertThat(sent).containsExactlyElementsOf(series);
    }

    @Test
    void splitsASingleLineAndSetsAsideASampleThatCannotFit() {
        Map<String, String> tags = new TreeMap<>();
        Random random = new Random(7);
        for (int tag = 0; tag < 27; tag++) {
            tags.put("tag" + tag, noise(random, 16 << 10));
        }
        SeriesSamples huge =
                new SeriesSamples(Samples.series("huge", tags), new long[] {1, 2, 3}, new double[] {1, 2, 3});
        encoder.begin(Samples.delivery(huge, Samples.samples("a", 1)), 50, 100);

        assertThat(encoder.next().orElseThrow().lines())
                .extracting(line -> line.samples().series().name())
                .containsExactly("a");
        assertThat(encoder.next()).isEmpty();
        assertThat(encoder.rejections())
                .extracting(Rejection::reason)
                .containsOnly("sample_too_large")
                .hasSize(3);
    }

    @Test
    void setsAsideWhatTheServerWouldDropWithoutTelling() {
        long ahead = NOW.toEpochMilli() + 172_800_001L;
        SeriesSamples mixed = new SeriesSamples(
                Samples.series("mixed", Map.of()), new long[] {-1, 0, 5, 6, ahead}, new double[] {1, 1, Double.NaN, 4, 5
                });
        SeriesSamples collides = new SeriesSamples(
                Samples.series("c", Map.of("a.b", "1", "a-b", "2")), new long[] {1}, new double[] {1});
        SeriesSamples overwrites =
                new SeriesSamples(Samples.series("o", Map.of("__name__", "x")), new long[] {1}, new double[] {1});
        SeriesSamples surrogate =
                new SeriesSamples(Samples.series("u", Map.of("a", "\ud800")), new long[] {1}, new double[] {1});
        SeriesSamples tooLong = new SeriesSamples(
                Samples.series("l", Map.of("a", "é".repeat((8 << 10) + 1))), new long[] {1}, new double[] {1});
        SeriesSamples nameless =
                new SeriesSamples(Samples.series("n", Map.of("", "x")), new long[] {1}, new double[] {1});
        Map<String, String> many = new TreeMap<>();
        for (int i = 0; i < 29; i++) {
            many.put("tag" + i, "x");
        }
        SeriesSamples crowded = new SeriesSamples(Samples.series("m", many), new long[] {1}, new double[] {1});

        encoder.begin(Samples.delivery(mixed, collides, overwrites, surrogate, tooLong, nameless, crowded), 50, 100);

        assertThat(encoder.next().orElseThrow().lines()).containsExactly(new Slice(mixed, 3, 4));
        assertThat(encoder.next()).isEmpty();
        assertThat(encoder.rejections())
                .extracting(Rejection::reason)
                .containsExactlyInAnyOrder(
                        "timestamp_not_positive",
                        "timestamp_not_positive",
                        "not_finite",
                        "timestamp_too_far_ahead",
                        "label_names_collide",
                        "label_names_collide",
                        "label_value_not_unicode",
                        "label_value_too_long",
                        "label_name_empty",
                        "too_many_labels");
    }

    private static String noise(Random random, int length) {
        StringBuilder text = new StringBuilder(length);
        for (int i = 0; i < length; i++) {
            text.append((char) (' ' + 1 + random.nextInt(90)));
        }
        return text.toString();
    }

    private static List<String> lines(Chunk chunk) throws IOException {
        try (GZIPInputStream gzip = new GZIPInputStream(new ByteArrayInputStream(chunk.body(), 0, chunk.length()))) {
            return new String(gzip.readAllBytes(), StandardCharsets.UTF_8)
                    .lines()
                    .toList();
        }
    }
}
