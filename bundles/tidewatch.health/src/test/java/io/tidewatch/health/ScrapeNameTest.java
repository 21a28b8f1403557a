package io.tidewatch.health;

import static org.assertj.core.api.Assertions.assertThat;

import io.tidewatch.api.collector.Kind;
import io.tidewatch.api.collector.Unit;
import io.tidewatch.api.store.Priority;
import io.tidewatch.api.store.Series;
import java.util.TreeMap;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class ScrapeNameTest {
    @ParameterizedTest
    @CsvSource({
        "cpu.usage_percent, GAUGE, PERCENT, cpu_usage_percent, 1500",
        "cpu.temperature, GAUGE, CELSIUS, cpu_temperature_celsius, 1500",
        "disk.read_ops_total, COUNTER, NONE, disk_read_ops_total, 1500",
        "disk.read_time_ms_total, COUNTER, MILLISECONDS, disk_read_time_seconds_total, 1.5",
        "disk.waited_total, COUNTER, MILLISECONDS, disk_waited_seconds_total, 1.5",
        "time.skew_ms, GAUGE, MILLISECONDS, time_skew_seconds, 1.5",
        "time.skew, GAUGE, MILLISECONDS, time_skew_seconds, 1.5",
        "call.duration_ms_p50, GAUGE, MILLISECONDS, call_duration_seconds_p50, 1.5",
        "ms.items_ms, GAUGE, NONE, ms_items_ms, 1500",
        "a.msx_ms, GAUGE, MILLISECONDS, a_msx_seconds, 1.5"
    })
    void speaksInBaseUnits(String name, Kind kind, Unit unit, String expected, double value) {
        Series series = new Series(name, kind, unit, "rig-1", new TreeMap<>(), Priority.NORMAL);

        assertThat(ScrapeName.of(series)).isEqualTo(expected);
        assertThat(ScrapeName.value(series, 1500)).isEqualTo(value);
    }
}
