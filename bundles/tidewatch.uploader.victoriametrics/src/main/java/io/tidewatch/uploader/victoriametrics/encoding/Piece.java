package io.tidewatch.uploader.victoriametrics.encoding;

import io.tidewatch.api.store.Slice;
import java.util.ArrayList;
import java.util.List;
import java.util.LongSummaryStatistics;
import java.util.stream.Stream;

/**
 * Lines of which the server refused a request, and that are halved to find the bad samples.
 *
 * @param byTime whether it is halved by time, otherwise by lines. The two alternate: bad samples are mostly those of some
 *     series, or those of some time
 */
public record Piece(List<Slice> lines, boolean byTime) {

    public int size() {
        return Chunk.size(lines);
    }

    /** Two pieces of at least one sample each; to be called only if there are two samples. */
    public List<Piece> halves() {
        if (lines.size() == 1) {
            Slice line = lines.get(0);
            return split(line.samples().timestamp(line.from() + line.size() / 2));
        }
        LongSummaryStatistics ends = lines.stream()
                .flatMap(line -> Stream.of(line.from(), line.to() - 1).map(line.samples()::timestamp))
                .mapToLong(Long::longValue)
                .summaryStatistics();
        List<Piece> halves = byTime ? split((ends.getMin() + ends.getMax() + 1) / 2) : List.of();
        return halves.isEmpty()
                ? List.of(
                        new Piece(lines.subList(0, lines.size() / 2), true),
                        new Piece(lines.subList(lines.size() / 2, lines.size()), true))
                : halves;
    }

    /** Splits at a moment; empty if all samples are on one side of it. */
    private List<Piece> split(long time) {
        List<Slice> before = new ArrayList<>();
        List<Slice> since = new ArrayList<>();
        for (Slice line : lines) {
            int at = line.from();
            while (at < line.to() && line.samples().timestamp(at) < time) {
                at++;
            }
            if (at > line.from()) {
                before.add(new Slice(line.samples(), line.from(), at));
            }
            if (at < line.to()) {
                since.add(new Slice(line.samples(), at, line.to()));
            }
        }
        return before.isEmpty() || since.isEmpty()
                ? List.of()
                : List.of(new Piece(before, false), new Piece(since, false));
    }
}
