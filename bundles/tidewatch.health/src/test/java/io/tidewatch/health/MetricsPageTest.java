package io.tidewatch.health;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.tidewatch.api.collector.Kind;
import io.tidewatch.api.collector.Unit;
import io.tidewatch.api.store.NewestSample;
import io.tidewatch.api.store.Priority;
import io.tidewatch.api.store.Series;
import java.io.ByteArrayOutputStream;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.NoSuchElementException;
import java.util.Optional;
import java.util.TreeMap;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class MetricsPageTest {
    private static final Instant NOW = Instant.parse("2026-03-04T05:06:07Z");
    private static final Duration MINUTE = Duration.ofMinutes(1);

    private final List<NewestSample> newest = new ArrayList<>();

    @Test
    void showsEverySeriesUnderTheHelpAndTypeOfItsMetric() {
        add(gauge("network.speed", Unit.NONE), "Speed", 0.25, Map.of("interface", "eth0", "site", "north"));
        add(counter("disk.read_time_ms_total", Unit.MILLISECONDS), "Time of reads", 2500, Map.of("device", "sda"));
        add(gauge("network.speed", Unit.NONE), "Speed", 1e15, Map.of("interface", "eth1", "site", "north"));
        add(gauge("cpu.temperature", Unit.CELSIUS), "How hot", -4, Map.of());

        assertThat(page())
                .isEqualTo(
                        """
                        # HELP cpu_temperature_celsius How hot
                        # TYPE cpu_temperature_celsius gauge
                        cpu_temperature_celsius{device_id="rig-1"} -4
                        # HELP disk_read_time_seconds_total Time of reads
                        # TYPE disk_read_time_seconds_total counter
                        disk_read_time_seconds_total{device_id="rig-1",device="sda"} 2.5
                        # HELP network_speed Speed
                        # TYPE network_speed gauge
                        network_speed{device_id="rig-1",interface="eth0",site="north"} 0.25
                        network_speed{device_id="rig-1",interface="eth1",site="north"} 1000000000000000
                        """);
    }

    @Test
    void isEmptyWithoutSamplesAndLeavesTextsOut() {
        assertThat(page()).isEmpty();

        Series text = new Series("modem.operator", Kind.TEXT, Unit.NONE, "rig-1", new TreeMap<>(), Priority.NORMAL);
        newest.add(new NewestSample(text, NOW, 0, Optional.of("Telenor"), "Who", MINUTE));
        assertThat(page()).isEmpty();
    }

    @Test
    void escapesWhatTheFormatHasAMeaningFor() {
        add(gauge("a.b", Unit.NONE), "one\\two\n\"three\"", 1, Map.of("t", "one\\two\n\"three\" {ü}, 😀"));

        assertThat(page())
                .isEqualTo(
                        """
                        # HELP a_b one\\\\two\\n"three"
                        # TYPE a_b gauge
                        a_b{device_id="rig-1",t="one\\\\two\\n\\"three\\" {ü}, 😀"} 1
                        """);
    }

    @ParameterizedTest
    @CsvSource({
        // age and interval in milliseconds
        "30000, 10000, true",
        "30001, 10000, false",
        "3000, 1000, true",
        "3001, 1000, false",
        "3000, 100, true",
        "3001, 100, false",
        "4501, 1500, false",
        "4500, 1500, true",
        "10800000, 3600000, true",
        "10800001, 3600000, false",
        "999999999, 0, true",
        "-86400000, 10000, true"
    })
    void leavesOutWhatIsOlderThanThreeIntervals(long age, long interval, boolean shown) {
        newest.add(new NewestSample(
                gauge("a.b", Unit.NONE),
                NOW.minusMillis(age),
                1,
                Optional.empty(),
                "Help",
                Duration.ofMillis(interval)));

        assertThat(!page().isEmpty()).isEqualTo(shown);
    }

    @Test
    void metricsThatShareANameAreOneFamily() {
        add(gauge("disk.io.now", Unit.NONE), "One", 1, Map.of("device", "sda"));
        add(gauge("disk.io_now", Unit.NONE), "Another", 2, Map.of("device", "sdb"));

        assertThat(page())
                .isEqualTo(
                        """
                        # HELP disk_io_now One
                        # TYPE disk_io_now gauge
                        disk_io_now{device_id="rig-1",device="sda"} 1
                        disk_io_now{device_id="rig-1",device="sdb"} 2
                        """);
    }

    @Test
    void metricsThatShareANameAndNoTypeAreUntyped() {
        add(counter("disk.io_total", Unit.NONE), "One", 1, Map.of("device", "sda"));
        add(gauge("disk.io.total", Unit.NONE), "Another", 2, Map.of("device", "sdb"));
        add(counter("disk.io_total", Unit.NONE), "One", 3, Map.of("device", "sdc"));

        assertThat(page())
                .startsWith("# HELP disk_io_total One\n# TYPE disk_io_total untyped\n")
                .containsOnlyOnce("# TYPE")
                .containsOnlyOnce("# HELP");
    }

    @Test
    void ofSeriesThatAreOneToPrometheusTheNewestIsShown() {
        add(gauge("a.b", Unit.NONE), "Help", 1, Map.of("t", "", "u", "x"));
        newest.add(new NewestSample(
                gauge("a.b", Unit.NONE, Map.of("u", "x")), NOW.minusSeconds(1), 2, Optional.empty(), "Help", MINUTE));
        newest.add(new NewestSample(
                gauge("a_b", Unit.NONE, Map.of("u", "x")), NOW.minusSeconds(2), 3, Optional.empty(), "Help", MINUTE));

        assertThat(page()).endsWith("gauge\na_b{device_id=\"rig-1\",u=\"x\"} 1\n");
    }

    @Test
    void whatIsNotUploadedIsNotShownAndCounted() {
        add(gauge("a.b", Unit.NONE), "Help", 1, Map.of("t-u", "1", "t.u", "2"));
        add(gauge("a.b", Unit.NONE), "Help", 1, Map.of("t-u", "3", "t.u", "4"));
        add(gauge("a.b", Unit.NONE), "Help", 1, Map.of("t", "\ud800"));
        add(gauge("a.b", Unit.NONE), "Help", 7, Map.of());

        assertThat(page())
                .isEqualTo(
                        """
                        # HELP a_b Help
                        # TYPE a_b gauge
                        a_b{device_id="rig-1"} 7
                        # 2 series left out: label_name_twice
                        # 1 series left out: not_utf8
                        """);
    }

    @Test
    void comesInPiecesOfBoundedSize() {
        for (int i = 0; i < 2000; i++) {
            add(gauge("a.b", Unit.NONE), "Help", i, Map.of("i", String.valueOf(i)));
        }

        MetricsPage page = new MetricsPage(newest, NOW);
        int pieces = 0;
        StringBuilder whole = new StringBuilder();
        while (page.hasNext()) {
            byte[] piece = page.next();
            assertThat(piece.length).isLessThan(4300);
            whole.append(new String(piece, StandardCharsets.UTF_8));
            pieces++;
        }

        assertThat(pieces).isGreaterThan(10);
        assertThat(whole.toString().lines()).hasSize(2002);
        assertThatThrownBy(page::next).isInstanceOf(NoSuchElementException.class);
    }

    private void add(Series series, String help, double value, Map<String, String> tags) {
        Series tagged = new Series(
                series.name(), series.kind(), series.unit(), series.deviceId(), new TreeMap<>(tags), series.priority());
        newest.add(new NewestSample(tagged, NOW, value, Optional.empty(), help, MINUTE));
    }

    private static Series gauge(String name, Unit unit) {
        return gauge(name, unit, Map.of());
    }

    private static Series gauge(String name, Unit unit, Map<String, String> tags) {
        return new Series(name, Kind.GAUGE, unit, "rig-1", new TreeMap<>(tags), Priority.NORMAL);
    }

    private static Series counter(String name, Unit unit) {
        return new Series(name, Kind.COUNTER, unit, "rig-1", new TreeMap<>(), Priority.NORMAL);
    }

    private String page() {
        MetricsPage page = new MetricsPage(newest, NOW);
        ByteArrayOutputStream bytes = new ByteArrayOutputStream();
        while (page.hasNext()) {
            bytes.writeBytes(page.next());
        }
        return bytes.toString(StandardCharsets.UTF_8);
    }
}
