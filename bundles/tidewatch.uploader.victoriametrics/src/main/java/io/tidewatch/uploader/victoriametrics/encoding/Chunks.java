package io.tidewatch.uploader.victoriametrics.encoding;

import io.tidewatch.api.store.DeliveryOutcome.Rejection;
import io.tidewatch.api.store.Slice;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.List;
import java.util.function.IntSupplier;
import org.jspecify.annotations.Nullable;

/**
 * Puts lines into chunks, one at a time, each encoded when it is asked for. A chunk that would be too large for a request
 * gets fewer samples; its last line may be split. A single sample goes whatever its size, unless it is over the limit of
 * all requests; then it is rejected.
 *
 * <p>Not safe for use by several threads.
 */
public final class Chunks {
    /** A chunk is filled to that part of the samples that fit. */
    private static final double PRECISION = 1 / 64.0;

    /** No chunk is tried with more than so many times the samples of the one before. */
    private static final int GROWTH = 4;

    private final Deque<Slice> lines;
    private final int chunkSize;
    private final IntSupplier bytes;
    private final ChunkEncoder encoder;
    private int index;

    /** Samples in the next chunk at most. */
    private int most = Integer.MAX_VALUE;

    /** Whether the next chunk is a half of one that was too large: the other half comes behind it. */
    private boolean halved;

    /**
     * @param chunkSize lines in a chunk at most
     * @param bytes of a body at most, asked for each chunk
     */
    public Chunks(List<Slice> lines, int chunkSize, IntSupplier bytes, ChunkEncoder encoder) {
        this.lines = new ArrayDeque<>(lines);
        this.chunkSize = chunkSize;
        this.bytes = bytes;
        this.encoder = encoder;
    }

    public boolean isEmpty() {
        return lines.isEmpty();
    }

    /**
     * The next chunk; the encoder contains its bytes.
     *
     * @param rejected gets what fits into no request
     * @return null when there is nothing left
     */
    @Nullable
    public Chunk next(List<Rejection> rejected) {
        while (!lines.isEmpty()) {
            Chunk chunk = new Chunk(index, fitting(first(most)));
            if (chunk.size() > 0) {
                remove(chunk.lines());
                index++;
                most = halved ? chunk.size() : GROWTH * chunk.size();
                halved = false;
                return chunk;
            }
            List<Slice> hopeless = first(1);
            remove(hopeless);
            rejected.add(new Rejection(hopeless.get(0), "too_large"));
        }
        return null;
    }

    /** Takes a chunk back: its lines are the next. */
    public void giveBack(Chunk chunk) {
        List<Slice> taken = chunk.lines();
        for (int i = taken.size() - 1; i >= 0; i--) {
            lines.addFirst(taken.get(i));
        }
    }

    /** Takes a chunk back that was too large: at most half of it is the next. A single sample stays whole. */
    public void giveBackHalved(Chunk chunk) {
        giveBack(chunk);
        most = Math.max(1, chunk.size() / 2);
        halved = true;
    }

    /** The beginning that fits, within the precision; the encoder contains it. Empty if not even one sample fits. */
    private List<Slice> fitting(List<Slice> all) {
        if (encoded(all)) {
            return all;
        }
        List<Slice> fitting = List.of();
        int fits = 0;
        int over = Chunk.size(all);
        while (over - fits > Math.max(1, (int) (over * PRECISION))) {
            int middle = (fits + over) / 2;
            List<Slice> tried = first(middle);
            if (encoded(tried)) {
                fits = middle;
                fitting = tried;
            } else {
                over = middle;
            }
        }
        encoded(fitting);
        return fitting;
    }

    private boolean encoded(List<Slice> tried) {
        return encoder.encode(tried, Chunk.size(tried) == 1 ? RequestSize.LARGEST : bytes.getAsInt());
    }

    /** The first samples that are left, in lines for one chunk. */
    private List<Slice> first(int samples) {
        return Chunk.first(lines, samples, chunkSize);
    }

    /** Removes the first lines, of the last perhaps only the beginning. */
    private void remove(List<Slice> first) {
        Slice line = lines.getFirst();
        for (int i = 0; i < first.size(); i++) {
            line = lines.removeFirst();
        }
        Slice last = first.get(first.size() - 1);
        if (last.to() < line.to()) {
            lines.addFirst(new Slice(line.samples(), last.to(), line.to()));
        }
    }
}
