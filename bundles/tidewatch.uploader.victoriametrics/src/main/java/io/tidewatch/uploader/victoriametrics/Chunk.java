package io.tidewatch.uploader.victoriametrics;

import io.tidewatch.api.store.Slice;
import java.util.ArrayList;
import java.util.List;

/**
 * A request's worth of lines, compressed.
 *
 * @param lines the lines, in the order in which they are sent
 * @param body buffer with the gzip stream; valid until the next chunk is encoded
 * @param length how much of the buffer counts
 */
@SuppressWarnings("ArrayRecordComponent") // A view of a reused buffer; never compared.
record Chunk(List<Slice> lines, byte[] body, int length) {
    /** Number of samples. */
    int samples() {
        return lines.stream().mapToInt(Slice::size).sum();
    }

    /** The first samples in the order of the request, cut out of its lines. */
    List<Slice> first(int samples) {
        List<Slice> first = new ArrayList<>();
        int left = samples;
        for (Slice line : lines) {
            int taken = Math.min(left, line.size());
            if (taken > 0) {
                first.add(new Slice(line.samples(), line.from(), line.from() + taken));
            }
            left -= taken;
        }
        return first;
    }
}
