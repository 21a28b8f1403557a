package io.tidewatch.uploader.victoriametrics;

import io.tidewatch.api.store.Settlement.Rejection;
import io.tidewatch.api.store.Slice;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import java.util.function.IntSupplier;
import org.jspecify.annotations.Nullable;

/**
 * Puts lines into chunks, one at a time, each encoded when it is asked for. A chunk that would be too big for a request
 * gets half the lines, a line that alone is too big is split, a single sample that is too big is rejected.
 *
 * <p>Not safe for use by several threads.
 */
final class Chunks {
    private final Deque<Slice> lines;
    private final IntSupplier chunkSize;
    private final ChunkEncoder encoder;
    private int index;

    /**
     * @param lines what is put into chunks
     * @param chunkSize lines in a chunk at most, asked for each
     * @param encoder gets each chunk
     */
    Chunks(List<Slice> lines, IntSupplier chunkSize, ChunkEncoder encoder) {
        this.lines = new ArrayDeque<>(lines);
        this.chunkSize = chunkSize;
        this.encoder = encoder;
    }

    /** Whether there is nothing left. */
    boolean isEmpty() {
        return lines.isEmpty();
    }

    /**
     * The next chunk; the encoder holds its bytes.
     *
     * @param rejected gets what fits into no request
     * @return null when there is nothing left
     */
    @Nullable
    Chunk next(List<Rejection> rejected) {
        int count = Math.min(chunkSize.getAsInt(), lines.size());
        while (count > 0) {
            List<Slice> taken = new ArrayList<>(count);
            for (Slice line : lines) {
                if (taken.size() == count) {
                    break;
                }
                taken.add(line);
            }
            if (encoder.encode(taken)) {
                for (int i = 0; i < count; i++) {
                    lines.removeFirst();
                }
                return new Chunk(index++, taken);
            }
            if (count == 1) {
                split(lines.removeFirst(), rejected);
                count = Math.min(1, lines.size());
            } else {
                count /= 2;
            }
        }
        return null;
    }

    /** What of a chunk is allowed in one by now: all, or its beginning; then the rest is the next to be given out. */
    Chunk shortened(Chunk chunk) {
        List<Slice> taken = chunk.lines();
        int kept = Math.min(chunkSize.getAsInt(), taken.size());
        for (int i = taken.size() - 1; i >= kept; i--) {
            lines.addFirst(taken.get(i));
        }
        return new Chunk(chunk.index(), taken.subList(0, kept));
    }

    private void split(Slice line, List<Rejection> rejected) {
        if (line.size() == 1) {
            rejected.add(new Rejection(line, "too_large"));
            return;
        }
        int middle = line.from() + line.size() / 2;
        lines.addFirst(new Slice(line.samples(), middle, line.to()));
        lines.addFirst(new Slice(line.samples(), line.from(), middle));
    }
}
