package io.tidewatch.itest.outside;

import io.tidewatch.api.collector.Metric;
import io.tidewatch.api.collector.PrometheusName;
import java.io.IOException;
import java.util.HashSet;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;

/** All metrics that the READMEs of the bundles list, by their name in PromQL. */
final class DocumentedMetrics {
    private final Map<String, Metric> metrics = new TreeMap<>();
    private final Map<String, BundleReadme> readmes = new TreeMap<>();
    private final Set<String> storedNames = new HashSet<>();

    private DocumentedMetrics() {}

    /**
     * Reads the READMEs.
     *
     * @throws AssertionError if two metrics have one name, stored or in PromQL
     */
    static DocumentedMetrics read() throws IOException {
        DocumentedMetrics all = new DocumentedMetrics();
        for (BundleReadme readme : BundleReadme.all()) {
            readme.metrics().forEach(metric -> all.add(metric, readme));
        }
        return all;
    }

    private void add(Metric metric, BundleReadme readme) {
        String name = PrometheusName.of(metric.name(), metric.kind(), metric.unit());
        BundleReadme other = readmes.put(name, readme);
        if (other != null || !storedNames.add(metric.name())) {
            throw new AssertionError(
                    metric.name() + " (" + name + ") of " + readme.bundle() + " has the name of another metric");
        }
        metrics.put(name, metric);
    }

    /** By name in PromQL. */
    Map<String, Metric> byName() {
        return metrics;
    }

    /** What a name in PromQL stands for. */
    Metric of(String name) {
        return known(metrics.get(name), name);
    }

    /** The bundle that reports it. */
    BundleReadme readmeOf(String name) {
        return known(readmes.get(name), name);
    }

    private static <T> T known(T found, String name) {
        if (found == null) {
            throw new AssertionError("No README of a bundle lists " + name);
        }
        return found;
    }
}
