package io.tidewatch.api.collector;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class MetricTest {
    private static final Metric RX =
            Metric.counter("network.rx_bytes_total", Unit.BYTES, "Bytes received", "interface");

    @Test
    void makesSamplesThatFit() {
        Sample sample = RX.sample(5, "eth0");

        assertThat(sample.metric()).isSameAs(RX);
        assertThat(sample.value()).isEqualTo(5);
        assertThat(sample.tagValues()).containsExactly("eth0");
        assertThat(Metric.text("modem.operator", "Operator").sample("vodafone").text())
                .isEqualTo("vodafone");
    }

    @Test
    void refusesSamplesThatDoNotFit() {
        assertThatThrownBy(() -> RX.sample(5)).hasMessageContaining("has the tags [interface]");
        assertThatThrownBy(() -> RX.sample("five", "eth0")).hasMessageContaining("is a COUNTER");
        assertThatThrownBy(() -> Metric.text("modem.operator", "Operator").sample(5))
                .hasMessageContaining("is a TEXT");
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "Cpu", "cpu.", ".cpu", "cpu-usage", "1cpu", "cpu usage", "cpu..usage", "cpu_total"})
    void refusesNamesAgainstTheRules(String name) {
        assertThatThrownBy(() -> Metric.gauge(name, Unit.NONE, "Help")).hasMessageStartingWith("Metric '" + name + "'");
    }

    @Test
    void refusesTheRestAgainstTheRules() {
        assertThatThrownBy(() -> Metric.counter("cpu.seconds", Unit.SECONDS, "Help"))
                .hasMessageContaining("_total");
        assertThatThrownBy(() -> Metric.gauge("cpu", Unit.NONE, " ")).hasMessageContaining("help");
        assertThatThrownBy(() -> Metric.gauge("cpu", Unit.NONE, "Help", "Core")).hasMessageContaining("'Core'");
        assertThatThrownBy(() -> Metric.gauge("cpu", Unit.NONE, "Help", "core", "core"))
                .hasMessageContaining("twice");
        assertThatThrownBy(() -> Metric.gauge("cpu", Unit.NONE, "Help", "device_id"))
                .hasMessageContaining("device_id");
    }
}
