package io.tidewatch.exposition;

import java.util.SortedMap;

/**
 * @param name name of the metric, unchanged
 * @param labels its labels, sorted by name; those with an empty value are left out, since Prometheus takes them as
 *     absent
 */
public record SeriesName(String name, SortedMap<String, String> labels) {}
