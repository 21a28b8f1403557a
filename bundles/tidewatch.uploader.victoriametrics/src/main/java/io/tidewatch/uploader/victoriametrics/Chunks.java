package io.tidewatch.uploader.victoriametrics;

import io.tidewatch.api.store.Settlement.Rejection;
import io.tidewatch.api.store.Slice;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.List;
import java.util.function.IntSupplier;
import org.jspecify.annotations.Nullable;

/**
 * Puts lines into chunks, one at a time, each encoded when it is asked for. A chunk that would be too large for a request
 * gets fewer lines, a line that alone is too large is split. A single sample goes whatever its size, unless it is over
 * the limit of all requests; then it is rejected.
 *
 * <p>Not safe for use by several threads.
 */
final class Chunks {
    private final Deque<Slice> lines;
    private final int chunkSize;
    private final IntSupplier bytes;
    private final ChunkEncoder encoder;
    private int index;
    private int most = Integer.MAX_VALUE;
    private int lastCount = Integer.MAX_VALUE / 2;

    /**
     * @param lines what is put into chunks
     * @param chunkSize lines in a chunk at most
     * @param bytes of a body at most, asked for each chunk
     * @param encoder gets each chunk
     */
    Chunks(List<Slice> lines, int chunkSize, IntSupplier bytes, ChunkEncoder encoder) {
        this.lines = new ArrayDeque<>(lines);
        this.chunkSize = chunkSize;
        this.bytes = bytes;
        this.encoder = encoder;
    }

    /** Whether there is nothing left. */
    boolean isEmpty() {
        return lines.isEmpty();
    }

    /**
     * The next chunk; the encoder contains its bytes.
     *
     * @param rejected gets what fits into no request
     * @return null when there is nothing left
     */
    @Nullable
    Chunk next(List<Rejection> rejected) {
        int count = Math.min(Math.min(chunkSize, Math.min(most, 2 * lastCount)), lines.size());
        most = Integer.MAX_VALUE;
        while (count > 0) {
            List<Slice> taken = lines.stream().limit(count).toList();
            boolean single = count == 1 && taken.get(0).size() == 1;
            if (encoder.encode(taken, single ? RequestSize.LARGEST : bytes.getAsInt())) {
                for (int i = 0; i < count; i++) {
                    lines.removeFirst();
                }
                lastCount = count;
                return new Chunk(index++, taken);
            }
            if (single) {
                rejected.add(new Rejection(lines.removeFirst(), "too_large"));
            } else if (count == 1) {
                split(lines.removeFirst());
            }
            count = count == 1 ? Math.min(1, lines.size()) : count - Math.max(1, count / 4);
        }
        return null;
    }

    /** Takes a chunk back: its lines are the next. */
    void giveBack(Chunk chunk) {
        List<Slice> taken = chunk.lines();
        for (int i = taken.size() - 1; i >= 0; i--) {
            lines.addFirst(taken.get(i));
        }
    }

    /** Takes a chunk back that was too large: at most half of it is the next. A single sample stays whole. */
    void giveBackHalved(Chunk chunk) {
        giveBack(chunk);
        int count = chunk.lines().size();
        if (count > 1) {
            most = count / 2;
        } else if (chunk.size() > 1) {
            split(lines.removeFirst());
            most = 1;
        }
    }

    private void split(Slice line) {
        int middle = line.from() + line.size() / 2;
        lines.addFirst(new Slice(line.samples(), middle, line.to()));
        lines.addFirst(new Slice(line.samples(), line.from(), middle));
    }
}
