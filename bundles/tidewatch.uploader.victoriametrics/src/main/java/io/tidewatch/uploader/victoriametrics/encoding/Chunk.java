package io.tidewatch.uploader.victoriametrics.encoding;

import io.tidewatch.api.store.Slice;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;

/**
 * What goes into one request.
 *
 * @param index index in its delivery, from 0
 */
public record Chunk(int index, List<Slice> lines) {

    public int size() {
        return size(lines);
    }

    static int size(Collection<Slice> lines) {
        return lines.stream().mapToInt(Slice::size).sum();
    }

    /** The first samples in the order of the request; all of them if there are fewer. */
    public List<Slice> first(int count) {
        return first(lines, count, lines.size());
    }

    /** The first samples of lines, in a number of lines at most. */
    static List<Slice> first(Iterable<Slice> lines, int count, int most) {
        List<Slice> first = new ArrayList<>();
        int left = count;
        for (Slice line : lines) {
            if (left == 0 || first.size() == most) {
                break;
            }
            int taken = Math.min(left, line.size());
            first.add(new Slice(line.samples(), line.from(), line.from() + taken));
            left -= taken;
        }
        return first;
    }

    /** The chunk without its first samples. */
    public Chunk without(int count) {
        List<Slice> rest = new ArrayList<>();
        int left = count;
        for (Slice line : lines) {
            int taken = Math.min(left, line.size());
            if (taken < line.size()) {
                rest.add(new Slice(line.samples(), line.from() + taken, line.to()));
            }
            left -= taken;
        }
        return new Chunk(index, rest);
    }
}
