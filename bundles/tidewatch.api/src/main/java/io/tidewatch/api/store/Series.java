package io.tidewatch.api.store;

import io.tidewatch.api.collector.Kind;
import io.tidewatch.api.collector.Unit;
import java.util.Collections;
import java.util.Objects;
import java.util.SortedMap;
import java.util.TreeMap;

/**
 * A series: one metric on one device with one set of tag values.
 *
 * @param name dotted name of the metric
 * @param kind kind of the metric
 * @param unit unit of the values
 * @param deviceId id of the device
 * @param tags tags and labels, sorted by name, without {@code device_id}
 * @param priority priority of its newest sample
 */
public record Series(
        String name, Kind kind, Unit unit, String deviceId, SortedMap<String, String> tags, Priority priority) {
    public Series {
        Objects.requireNonNull(name, "name");
        Objects.requireNonNull(kind, "kind");
        Objects.requireNonNull(unit, "unit");
        Objects.requireNonNull(deviceId, "deviceId");
        Objects.requireNonNull(priority, "priority");
        tags = Collections.unmodifiableSortedMap(new TreeMap<>(tags));
    }
}
