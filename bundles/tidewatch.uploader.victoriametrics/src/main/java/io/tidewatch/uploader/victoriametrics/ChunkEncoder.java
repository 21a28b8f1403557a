package io.tidewatch.uploader.victoriametrics;

import io.tidewatch.api.store.Delivery;
import io.tidewatch.api.store.SeriesSamples;
import io.tidewatch.api.store.Settlement.Rejection;
import io.tidewatch.api.store.Slice;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.io.UncheckedIOException;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import java.util.Optional;
import java.util.zip.Deflater;
import java.util.zip.GZIPOutputStream;

/**
 * Cuts a delivery into lines, and lines into compressed chunks, one after the other in one buffer. What can never be
 * sent is rejected on the way.
 *
 * <p>Used by one thread.
 */
final class ChunkEncoder {
    /** Largest compressed chunk: what a bad uplink can carry before a timeout, and a server takes without question. */
    static final int MAX_BYTES = 256 << 10;

    private final WireRules rules;
    private final LineWriter writer = new LineWriter();
    private final Buffer buffer = new Buffer();
    private final Deque<Slice> waiting = new ArrayDeque<>();
    private final List<Rejection> rejections = new ArrayList<>();
    private int chunkLines = 1;

    ChunkEncoder(WireRules rules) {
        this.rules = rules;
    }

    /**
     * Begins with a delivery, forgetting the one before.
     *
     * @param chunkLines lines at most in a chunk
     * @param lineValues samples at most in a line
     */
    void begin(Delivery delivery, int chunkLines, int lineValues) {
        this.chunkLines = chunkLines;
        waiting.clear();
        rejections.clear();
        for (SeriesSamples samples : delivery.series()) {
            String broken = rules.brokenBy(samples.series());
            if (broken != null) {
                rejections.add(new Rejection(samples.all(), broken));
            } else {
                cut(samples, lineValues);
            }
        }
    }

    /** The next chunk, or empty when all lines were in one. */
    Optional<Chunk> next() {
        while (!waiting.isEmpty()) {
            List<Slice> lines = new ArrayList<>();
            while (lines.size() < chunkLines && !waiting.isEmpty()) {
                lines.add(waiting.removeFirst());
            }
            compress(lines);
            while (buffer.size() > MAX_BYTES && lines.size() > 1) {
                int half = lines.size() / 2;
                for (int i = lines.size() - 1; i >= half; i--) {
                    waiting.addFirst(lines.remove(i));
                }
                compress(lines);
            }
            if (buffer.size() <= MAX_BYTES) {
                return Optional.of(new Chunk(lines, buffer.bytes(), buffer.size()));
            }
            splitOrReject(lines.get(0));
        }
        return Optional.empty();
    }

    /** What can never be sent, as far as it was seen. */
    List<Rejection> rejections() {
        return List.copyOf(rejections);
    }

    private void cut(SeriesSamples samples, int lineValues) {
        int from = 0;
        for (int i = 0; i < samples.size(); i++) {
            String broken = rules.brokenBy(samples.timestamp(i), samples.value(i));
            if (broken != null || i - from == lineValues) {
                addLine(samples, from, i);
                from = i;
            }
            if (broken != null) {
                rejections.add(new Rejection(new Slice(samples, i, i + 1), broken));
                from = i + 1;
            }
        }
        addLine(samples, from, samples.size());
    }

    private void addLine(SeriesSamples samples, int from, int to) {
        if (to > from) {
            waiting.addLast(new Slice(samples, from, to));
        }
    }

    private void splitOrReject(Slice line) {
        if (line.size() == 1) {
            rejections.add(new Rejection(line, "sample_too_large"));
            return;
        }
        int middle = line.from() + line.size() / 2;
        waiting.addFirst(new Slice(line.samples(), middle, line.to()));
        waiting.addFirst(new Slice(line.samples(), line.from(), middle));
    }

    private void compress(List<Slice> lines) {
        buffer.reset();
        try (FastGzip gzip = new FastGzip(buffer)) {
            writer.write(lines, gzip);
        } catch (IOException e) {
            throw new UncheckedIOException("Writing to memory cannot fail", e);
        }
    }

    /** A byte array that can be read without a copy. */
    private static final class Buffer extends ByteArrayOutputStream {
        Buffer() {
            super(8 << 10);
        }

        byte[] bytes() {
            return buf;
        }
    }

    /** gzip at its fastest level; the default costs several times the processor time for about an eighth fewer bytes. */
    private static final class FastGzip extends GZIPOutputStream {
        FastGzip(OutputStream out) throws IOException {
            super(out, 4096);
            def.setLevel(Deflater.BEST_SPEED);
        }
    }
}
