package io.tidewatch.uploader.victoriametrics.encoding;

import static org.assertj.core.api.Assertions.assertThat;

import io.tidewatch.api.store.DeliveryOutcome.Rejection;
import io.tidewatch.api.store.SeriesSamples;
import io.tidewatch.api.store.Slice;
import io.tidewatch.uploader.victoriametrics.Samples;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

final class ChunksTest {
    @Test
    void putsSoManyLinesIntoAChunk() {
        ChunkEncoder encoder = new ChunkEncoder();
        List<Slice> lines = new ArrayList<>();
        for (int i = 0; i < 120; i++) {
            lines.add(
                    Samples.samples(Samples.series("m" + i, Map.of()), 1, 2, 3).all());
        }

        List<Chunk> chunks = all(new Chunks(lines, 50, () -> RequestSize.LARGEST, encoder), new ArrayList<>());

        assertThat(chunks.stream().map(chunk -> chunk.lines().size())).containsExactly(50, 50, 20);
        assertThat(chunks.stream().map(Chunk::index)).containsExactly(0, 1, 2);
        assertThat(chunks.stream().flatMap(chunk -> chunk.lines().stream())).isEqualTo(lines);
    }

    @Test
    void splitsWhatIsTooBigAndRejectsASampleThatIs() {
        Random random = new Random(7);
        SeriesSamples wide = Samples.samples(
                Samples.series("wide", Map.of()), random.doubles(3000).toArray());
        SeriesSamples hopeless =
                Samples.samples(Samples.series("hopeless", Map.of("t", randomText(random, 400_000))), 1, 2);
        SeriesSamples large = Samples.samples(Samples.series("large", Map.of("t", randomText(random, 12_000))), 1, 2);
        SeriesSamples small = Samples.samples(Samples.series("small", Map.of()), 1);
        ChunkEncoder encoder = new ChunkEncoder();
        List<Rejection> rejected = new ArrayList<>();
        List<Slice> lines = List.of(wide.all(), hopeless.all(), large.all(), small.all());

        List<Chunk> chunks = all(new Chunks(lines, 50, () -> 8000, encoder), rejected);

        assertThat(chunks).hasSizeGreaterThan(2);
        List<Slice> sent =
                chunks.stream().flatMap(chunk -> chunk.lines().stream()).toList();
        assertThat(sent.stream()
                        .filter(slice -> slice.samples() == wide)
                        .mapToInt(Slice::size)
                        .sum())
                .isEqualTo(3000);
        assertThat(sent)
                .as("a sample over the limit of the link goes alone")
                .contains(small.all(), new Slice(large, 0, 1), new Slice(large, 1, 2));
        assertThat(rejected)
                .containsExactly(
                        new Rejection(new Slice(hopeless, 0, 1), "too_large"),
                        new Rejection(new Slice(hopeless, 1, 2), "too_large"));
    }

    @Test
    void aChunkThatIsGivenBackComesNextInSmallerOnes() {
        Random random = new Random(7);
        ChunkEncoder encoder = new ChunkEncoder();
        List<Slice> lines = new ArrayList<>();
        for (int i = 0; i < 8; i++) {
            lines.add(Samples.samples(
                            Samples.series("m" + i, Map.of()),
                            random.doubles(50).toArray())
                    .all());
        }
        AtomicInteger most = new AtomicInteger(RequestSize.LARGEST);
        Chunks chunks = new Chunks(lines, 4, most::get, encoder);
        Chunk first = chunks.next(new ArrayList<>());
        assertThat(first.lines()).isEqualTo(lines.subList(0, 4));
        most.set(encoder.length() * 2 / 3);
        chunks.giveBack(first);

        List<Slice> sent = new ArrayList<>();
        Chunk chunk = chunks.next(new ArrayList<>());
        assertThat(chunk.size()).as("filled").isGreaterThan(first.size() / 2).isLessThan(first.size() * 3 / 4);
        for (; chunk != null; chunk = chunks.next(new ArrayList<>())) {
            assertThat(encoder.length()).isLessThanOrEqualTo(most.get());
            sent.addAll(chunk.lines());
        }
        assertThat(samples(sent)).isEqualTo(samples(lines));
    }

    /** Each sample as its series and index. */
    private static List<String> samples(List<Slice> lines) {
        return lines.stream()
                .flatMap(line -> IntStream.range(line.from(), line.to())
                        .mapToObj(i -> line.samples().series().name() + " " + i))
                .toList();
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
