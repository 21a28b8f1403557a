package io.tidewatch.uploader.victoriametrics;

import static org.assertj.core.api.Assertions.assertThat;

import io.tidewatch.api.store.SeriesSamples;
import io.tidewatch.api.store.Settlement.Rejection;
import io.tidewatch.api.store.Slice;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;

final class ChunksTest {
    @Test
    void putsSoManyLinesIntoAChunk() {
        try (ChunkEncoder encoder = new ChunkEncoder(256 << 10)) {
            List<Slice> lines = new ArrayList<>();
            for (int i = 0; i < 120; i++) {
                lines.add(Samples.samples(Samples.series("m" + i, Map.of()), 1, 2, 3)
                        .all());
            }

            List<Chunk> chunks = all(new Chunks(lines, () -> 50, encoder), new ArrayList<>());

            assertThat(chunks.stream().map(chunk -> chunk.lines().size())).containsExactly(50, 50, 20);
            assertThat(chunks.stream().map(Chunk::index)).containsExactly(0, 1, 2);
            assertThat(chunks.stream().flatMap(chunk -> chunk.lines().stream())).isEqualTo(lines);
        }
    }

    @Test
    void splitsWhatIsTooBigAndRejectsASampleThatIs() {
        Random random = new Random(7);
        SeriesSamples wide = Samples.samples(
                Samples.series("wide", Map.of()), random.doubles(3000).toArray());
        SeriesSamples hopeless =
                Samples.samples(Samples.series("hopeless", Map.of("t", randomText(random, 12_000))), 1, 2);
        SeriesSamples small = Samples.samples(Samples.series("small", Map.of()), 1);
        try (ChunkEncoder encoder = new ChunkEncoder(8000)) {
            List<Rejection> rejected = new ArrayList<>();

            List<Chunk> chunks =
                    all(new Chunks(List.of(wide.all(), hopeless.all(), small.all()), () -> 50, encoder), rejected);

            assertThat(chunks).hasSizeGreaterThan(2);
            List<Slice> sent =
                    chunks.stream().flatMap(chunk -> chunk.lines().stream()).toList();
            assertThat(sent.stream()
                            .filter(slice -> slice.samples() == wide)
                            .mapToInt(Slice::size)
                            .sum())
                    .isEqualTo(3000);
            assertThat(sent).contains(small.all());
            assertThat(rejected)
                    .containsExactly(
                            new Rejection(new Slice(hopeless, 0, 1), "too_large"),
                            new Rejection(new Slice(hopeless, 1, 2), "too_large"));
        }
    }

    @Test
    void theRestOfAChunkThatIsTooLongByNowComesNext() {
        try (ChunkEncoder encoder = new ChunkEncoder(256 << 10)) {
            List<Slice> lines = new ArrayList<>();
            for (int i = 0; i < 7; i++) {
                lines.add(Samples.samples(Samples.series("m" + i, Map.of()), i).all());
            }
            AtomicInteger most = new AtomicInteger(4);
            Chunks chunks = new Chunks(lines, most::get, encoder);
            Chunk first = chunks.next(new ArrayList<>());

            assertThat(chunks.shortened(first)).isEqualTo(first);
            most.set(1);
            assertThat(chunks.shortened(first).lines()).isEqualTo(lines.subList(0, 1));
            most.set(5);

            assertThat(all(chunks, new ArrayList<>()).stream().map(Chunk::lines))
                    .containsExactly(lines.subList(1, 6), lines.subList(6, 7));
        }
    }

    @Test
    void aPartIsTheBeginningInTheOrderOfTheRequest() {
        SeriesSamples a = Samples.samples(Samples.series("a", Map.of()), 1, 2, 3);
        SeriesSamples b = Samples.samples(Samples.series("b", Map.of()), 4, 5);
        Chunk chunk = new Chunk(0, List.of(a.all(), b.all()));

        assertThat(chunk.first(0)).isEmpty();
        assertThat(chunk.first(2)).containsExactly(new Slice(a, 0, 2));
        assertThat(chunk.without(2)).isEqualTo(new Chunk(0, List.of(new Slice(a, 2, 3), b.all())));
        assertThat(chunk.first(4)).containsExactly(a.all(), new Slice(b, 0, 1));
        assertThat(chunk.without(4)).isEqualTo(new Chunk(0, List.of(new Slice(b, 1, 2))));
        assertThat(chunk.first(9)).isEqualTo(chunk.lines());
    }

    private static List<Chunk> all(Chunks chunks, List<Rejection> rejected) {
        List<Chunk> all = new ArrayList<>();
        for (Chunk chunk = chunks.next(rejected); chunk != null; chunk = chunks.next(rejected)) {
            all.add(chunk);
        }
        return all;
    }

    private static String randomText(Random random, int length) {
        StringBuilder text = new StringBuilder();
        for (int i = 0; i < length; i++) {
            text.append((char) (' ' + random.nextInt(90)));
        }
        return text.toString();
    }
}
