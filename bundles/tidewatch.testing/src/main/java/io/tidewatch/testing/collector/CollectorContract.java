package io.tidewatch.testing.collector;

import static org.assertj.core.api.Assertions.assertThat;

import io.tidewatch.api.collector.Collector;
import io.tidewatch.api.collector.DynamicCollector;
import io.tidewatch.api.collector.Kind;
import io.tidewatch.api.collector.Metric;
import io.tidewatch.api.collector.PrometheusName;
import io.tidewatch.api.collector.Sample;
import io.tidewatch.api.collector.Unit;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import org.junit.jupiter.api.Test;

/**
 * What every {@link Collector} keeps. A collector's test implements this with a collector on a fixture tree of a machine
 * that has everything, and gets these tests besides its own.
 */
public interface CollectorContract {
    /** A collector on a machine that has everything it can report, fresh for every test. */
    Collector typicalCollector() throws Exception;

    /** How many passes it takes until every metric was reported: 2 where the first pass only remembers. */
    default int passesUntilComplete() {
        return 1;
    }

    /** Moves the typical machine on between two passes, so that counters differ. */
    default void letTimePass() throws Exception {}

    @Test
    default void declaresEachMetricOnceAndAlwaysTheSame() throws Exception {
        Collector collector = typicalCollector();
        List<Metric> metrics = collector.metrics();

        assertThat(metrics).isNotEmpty().doesNotHaveDuplicates().isEqualTo(collector.metrics());
        assertThat(metrics.stream().map(Metric::name)).doesNotHaveDuplicates();
        assertThat(metrics.stream().map(metric -> PrometheusName.of(metric.name(), metric.kind(), metric.unit())))
                .as("names on the wire")
                .doesNotHaveDuplicates();
    }

    @Test
    default void producesEveryMetricAndNoOther() throws Exception {
        Collector collector = typicalCollector();
        Set<Metric> produced = new HashSet<>();
        for (List<Sample> pass : passes(collector)) {
            pass.forEach(sample -> produced.add(sample.metric()));
        }
        if (collector instanceof DynamicCollector) {
            produced.removeIf(metric -> metric.unit() == Unit.FOREIGN);
        }

        assertThat(produced).containsExactlyInAnyOrderElementsOf(collector.metrics());
    }

    @Test
    default void reportsFiniteValuesAndNoSeriesTwiceInAPass() throws Exception {
        for (List<Sample> samples : passes(typicalCollector())) {
            assertThat(samples)
                    .allMatch(sample -> sample.metric().kind() == Kind.TEXT || Double.isFinite(sample.value()));
            assertThat(samples.stream().map(sample -> List.of(sample.metric(), sample.tagValues())))
                    .doesNotHaveDuplicates();
        }
    }

    private List<List<Sample>> passes(Collector collector) throws Exception {
        List<List<Sample>> passes = new ArrayList<>(List.of(collector.collect()));
        while (passes.size() < passesUntilComplete()) {
            letTimePass();
            passes.add(collector.collect());
        }
        return passes;
    }
}
