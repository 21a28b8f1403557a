package io.tidewatch.api.collector;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class PrometheusNameTest {
    @ParameterizedTest
    @CsvSource({
        "cpu.usage_percent, GAUGE, PERCENT, cpu_usage_percent",
        "cpu.temperature, GAUGE, CELSIUS, cpu_temperature_celsius",
        "load.1m, GAUGE, NONE, load_1m",
        "1m.load, GAUGE, NONE, _1m_load",
        "network.rx_bytes_total, COUNTER, BYTES, network_rx_bytes_total",
        "network.rx, COUNTER, BYTES, network_rx_total",
        "network.rx_total_total, COUNTER, BYTES, network_rx_total",
        "time.skew_ms, GAUGE, MILLISECONDS, time_skew_ms",
        "collector.collection_duration_seconds_p50, GAUGE, SECONDS, collector_collection_duration_seconds_p50",
        "srt link-é, GAUGE, NONE, srt_link__",
        "free, GAUGE, BYTES, free_bytes",
    })
    void namesFollowPrometheus(String name, Kind kind, Unit unit, String expected) {
        assertThat(PrometheusName.of(name, kind, unit)).isEqualTo(expected).matches("[a-zA-Z_][a-zA-Z0-9_]*");
    }

    @Test
    void tagsBecomeLabels() {
        assertThat(PrometheusName.ofTag("zone-number")).isEqualTo("zone_number");
        assertThat(PrometheusName.ofTag("5g")).isEqualTo("_5g");
        assertThat(PrometheusName.ofTag("")).isEqualTo("_");
    }
}
