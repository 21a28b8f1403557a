package io.tidewatch.uploader.victoriametrics;

import static org.assertj.core.api.Assertions.assertThat;

import io.tidewatch.api.collector.Collector;
import io.tidewatch.api.collector.RecentDurations;
import io.tidewatch.api.health.Health;
import io.tidewatch.testing.collector.CollectorContract;
import io.tidewatch.testing.collector.DocumentedCollector;
import io.tidewatch.testing.collector.RealMachine;
import io.tidewatch.uploader.victoriametrics.report.UploaderSelf;
import java.util.Map;
import org.junit.jupiter.api.Test;

class UploadCollectorTest implements CollectorContract, DocumentedCollector {
    @Override
    public Collector typicalCollector() {
        RecentDurations durations = new RecentDurations();
        durations.add(250_000_000);
        return of(new UploaderSelf.Figures(
                1000,
                Map.of("http_503", 2L, "timeout", 3L),
                4,
                Map.of("too_large", 5L),
                6,
                7000,
                Map.of("ok", 0, "timeout", 1),
                durations));
    }

    @Override
    public String pid() {
        return "tidewatch.collector.uploader";
    }

    @Test
    void reportsZerosButNoReasonsAndNoDurationsBeforeAnythingHappened() throws Exception {
        Collector fresh =
                of(new UploaderSelf.Figures(0, Map.of(), 0, Map.of(), 0, 0, Map.of("ok", 1), new RecentDurations()));

        assertThat(RealMachine.valuesOf(fresh.collect()))
                .containsOnly(
                        Map.entry("uploader.metrics_uploaded_total[]", 0.0),
                        Map.entry("uploader.partial_success_total[]", 0.0),
                        Map.entry("uploader.metrics_resent_total[]", 0.0),
                        Map.entry("uploader.sent_bytes_total[]", 0.0),
                        Map.entry("uploader.state[ok]", 1.0));
    }

    @Test
    void reportsWhatWasCounted() throws Exception {
        assertThat(RealMachine.valuesOf(typicalCollector().collect()))
                .containsOnly(
                        Map.entry("uploader.metrics_uploaded_total[]", 1000.0),
                        Map.entry("uploader.upload_failures_total[http_503]", 2.0),
                        Map.entry("uploader.upload_failures_total[timeout]", 3.0),
                        Map.entry("uploader.partial_success_total[]", 4.0),
                        Map.entry("uploader.metrics_rejected_total[too_large]", 5.0),
                        Map.entry("uploader.metrics_resent_total[]", 6.0),
                        Map.entry("uploader.sent_bytes_total[]", 7000.0),
                        Map.entry("uploader.state[ok]", 0.0),
                        Map.entry("uploader.state[timeout]", 1.0),
                        Map.entry("uploader.upload_duration_seconds_p50[]", 0.25),
                        Map.entry("uploader.upload_duration_seconds_p95[]", 0.25),
                        Map.entry("uploader.upload_duration_seconds_p99[]", 0.25));
    }

    private static UploadCollector of(UploaderSelf.Figures figures) {
        return new UploadCollector(new UploaderSelf() {
            @Override
            public UploaderSelf.Figures figures() {
                return figures;
            }

            @Override
            public Health check() {
                throw new AssertionError("nobody asks for health here");
            }
        });
    }
}
