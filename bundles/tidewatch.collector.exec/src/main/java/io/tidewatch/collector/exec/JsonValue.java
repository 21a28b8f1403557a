package io.tidewatch.collector.exec;

import io.tidewatch.json.JsonPath;
import java.util.SortedMap;

/**
 * What of a JSON document becomes samples of one metric.
 *
 * @param labels where the values of its labels are, by name; in them {@code [*]} is the element that the value is of
 */
record JsonValue(JsonPath path, String name, SortedMap<String, JsonPath> labels) {}
