package io.tidewatch.store.sqlite;

import io.tidewatch.api.store.Priority;
import io.tidewatch.store.sqlite.Operation.Fate;
import io.tidewatch.store.sqlite.Operation.Point;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;

/** What a store holds after some {@link Operation}s, by plain sets. */
final class WorkloadModel {
    private final Set<Point> stored = new HashSet<>();
    private final TreeSet<Point> pending = new TreeSet<>();
    private long storedHash;
    private long pendingHash;
    private int quarantined;
    private long quarantineHash;
    private List<Point> handedOut = List.of();

    /** Does what the operation does to a store. */
    void apply(Operation operation) {
        switch (operation.kind()) {
            case APPEND -> append(operation);
            case NEXT -> handedOut = next(operation);
            case COMPLETE -> complete(operation);
            case RESTART -> crashed();
            case CHECKPOINT, LOCK, UNLOCK -> {}
        }
    }

    /** The process ended: nothing is under way. */
    void crashed() {
        handedOut = List.of();
    }

    StoreContents contents() {
        return new StoreContents(stored.size(), storedHash, pending.size(), pendingHash, quarantined, quarantineHash);
    }

    private void append(Operation operation) {
        for (Point point : operation.points()) {
            if (stored.add(point)) {
                storedHash += StoreContents.hash(point, operation.value(point.series()));
                if (point.series() != Operation.TEXT) {
                    pending.add(point);
                    pendingHash += point.hash();
                }
            }
        }
    }

    /** Oldest first, whole instants, at least one of them. */
    private List<Point> next(Operation operation) {
        boolean all = operation.query().priorities().contains(Priority.NORMAL);
        int most = operation.query().maxSamples();
        List<Point> points = new ArrayList<>();
        int instant = 0;
        for (Point point : pending) {
            if (!all && point.series() < Operation.HIGH) {
                continue;
            }
            boolean newInstant =
                    points.isEmpty() || points.get(points.size() - 1).timestamp() != point.timestamp();
            if (points.size() >= most && newInstant) {
                break;
            }
            if (newInstant) {
                instant = points.size();
            } else if (points.size() >= most && instant > 0) {
                return points.subList(0, instant);
            }
            points.add(point);
        }
        return points;
    }

    private void complete(Operation operation) {
        for (Point point : handedOut) {
            Fate fate = operation.fateOf(point);
            if (fate != Fate.LEFT && pending.remove(point)) {
                pendingHash -= point.hash();
                if (fate == Fate.REJECTED) {
                    quarantined++;
                    quarantineHash += point.hash();
                }
            }
        }
        handedOut = List.of();
    }
}
