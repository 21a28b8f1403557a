package io.tidewatch.exposition;

import static org.assertj.core.api.Assertions.assertThat;

import io.tidewatch.api.collector.Kind;
import java.util.TreeMap;
import org.junit.jupiter.api.Test;

/** What is kept of series. */
class SeriesReaderTest {
    /** As of a source that writes how long it has been running. */
    @Test
    void aHelpTextThatAlwaysChangesIsBounded() throws Exception {
        SeriesReader reader = new SeriesReader(new TreeMap<>());
        SeriesName series = new SeriesName("up", new TreeMap<>());
        for (int pass = 0; pass < 25_000; pass++) {
            MetricFamily family = new MetricFamily("up", MetricFamily.Type.GAUGE, "Up since " + pass + " s");
            assertThat(reader.read(series, Kind.GAUGE, family).metric.help()).isEqualTo(family.help());
            assertThat(reader.size()).isLessThanOrEqualTo(SeriesReader.MOST_METRICS);
        }
    }
}
