package io.tidewatch.api.collector;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import org.junit.jupiter.api.Test;

class RecentDurationsTest {
    private static final RecentDurations.Metrics TOOK =
            RecentDurations.metrics("modem.answer_duration_seconds", "Time until a modem answered", "modem");

    private final RecentDurations durations = new RecentDurations();

    @Test
    void ranksWhatItWasGiven() {
        for (int millis = 100; millis >= 1; millis--) {
            durations.add(millis * 1_000_000L);
        }

        assertThat(durations.percentile(50)).isEqualTo(0.05);
        assertThat(durations.percentile(95)).isEqualTo(0.095);
        assertThat(durations.percentile(99)).isEqualTo(0.099);
        assertThat(durations.percentile(100)).isEqualTo(0.1);
        assertThat(durations.percentile(1)).isEqualTo(0.001);
    }

    @Test
    void remembersTheNewest256() {
        durations.add(9_000_000_000L);
        for (int i = 0; i < 256; i++) {
            durations.add(2_000_000_000L);
        }

        assertThat(durations.percentile(100)).isEqualTo(2.0);
    }

    @Test
    void saysNothingWhileThereIsNone() {
        assertThat(durations.percentile(50)).isNaN();
        assertThat(TOOK.samples(durations, "wwan0")).isEmpty();
    }

    @Test
    void makesGaugesOfIt() {
        durations.add(1_500_000_000L);

        assertThat(TOOK.samples(durations, "wwan0"))
                .extracting(sample -> sample.metric().name(), Sample::value, Sample::tagValues)
                .containsExactly(
                        org.assertj.core.groups.Tuple.tuple("modem.answer_duration_seconds_p50", 1.5, List.of("wwan0")),
                        org.assertj.core.groups.Tuple.tuple("modem.answer_duration_seconds_p95", 1.5, List.of("wwan0")),
                        org.assertj.core.groups.Tuple.tuple(
                                "modem.answer_duration_seconds_p99", 1.5, List.of("wwan0")));
        assertThat(TOOK.all())
                .allSatisfy(metric -> assertThat(PrometheusName.of(metric.name(), metric.kind(), metric.unit()))
                        .startsWith("modem_answer_duration_seconds_p"));
    }
}
