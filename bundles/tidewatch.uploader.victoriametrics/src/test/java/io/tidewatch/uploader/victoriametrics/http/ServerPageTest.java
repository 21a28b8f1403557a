package io.tidewatch.uploader.victoriametrics.http;

import static org.assertj.core.api.Assertions.assertThat;

import io.tidewatch.api.config.SettingReader;
import io.tidewatch.jsonlines.WireLimits;
import io.tidewatch.testing.config.TypedConfiguration;
import io.tidewatch.testing.server.VictoriaMetrics;
import io.tidewatch.uploader.victoriametrics.settings.UploaderConfig;
import io.tidewatch.uploader.victoriametrics.settings.UploaderSettings;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.time.Clock;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** When a server was started. */
final class ServerPageTest {
    @Test
    void findsTheStartAmongOtherLines() throws IOException {
        assertThat(start("vm_a 1\nvm_app_start_timestamp 1795252138\nvm_app_uptime_seconds 3\nvm_z 2\n"))
                .contains(new ServerPage.Start(1_795_252_138, Duration.ofSeconds(3), 0));
        assertThat(start("vm_app_uptime_seconds 0\nvm_app_start_timestamp 7\n"))
                .contains(new ServerPage.Start(7, Duration.ZERO, 0));
    }

    @Test
    void findsLimitsRetentionAndCounters() throws IOException {
        ServerPage page =
                read("""
                        flag{name="maxLabelValueLen", value="4096", is_set="false"} 1
                        flag{name="maxLabelsPerTimeseries", value="40", is_set="false"} 1
                        flag{name="retentionPeriod", value="30d", is_set="true"} 1
                        flag{name="maxBackfillAge", value="0", is_set="false"} 1
                        vm_app_start_timestamp 1795252138
                        vm_app_uptime_seconds 3
                        vm_app_version{version="", short_version=""} 1
                        vm_rows_ignored_total{reason="big_timestamp"} 0
                        vm_rows_ignored_total{reason="too_long_label_value"} 12
                        vm_hourly_series_limit_rows_dropped_total 3
                        vm_daily_series_limit_rows_dropped_total 4
                        vm_rpc_rows_dropped_on_overload_total{name="vminsert", addr="a:8400"} 5
                        vm_rpc_rows_dropped_on_overload_total{name="vminsert", addr="b:8400"} 6
                        vm_rows_invalid_total{type="influx"} 5
                        vm_rows_invalid_total{type="vmimport"} 7
                        """)
                        .orElseThrow();

        assertThat(page.limits()).isEqualTo(new WireLimits(40, 4096));
        assertThat(page.retention()).contains(Duration.ofDays(30));
        assertThat(page.maxBackfillAge()).isEmpty();
        assertThat(page.ignored())
                .isEqualTo(Map.of(
                        "too_long_label_value", 12L,
                        "big_timestamp", 0L,
                        "hourly_series_limit", 3L,
                        "daily_series_limit", 4L,
                        "overload", 11L));
        assertThat(page.invalid()).isEqualTo(7);
        assertThat(page.storageNodes()).isZero();
    }

    @Test
    void sumsTheBrokenConnectionsOfVminsert() throws IOException {
        ServerPage page =
                read("""
                        vm_app_start_timestamp 1795252138
                        vm_app_uptime_seconds 3
                        vm_rpc_connection_errors_total{name="vminsert", addr="a:8400"} 2
                        vm_rpc_connection_errors_total{name="vminsert", addr="b:8400", rpc_call="x"} 1
                        vm_rpc_connection_errors_total{name="vminsert", addr="b:8400", rpc_call="y"} 4
                        vm_rpc_connection_errors_total{name="vmselect", addr="b:8401"} 9
                        """)
                        .orElseThrow();

        assertThat(page.start().orElseThrow().storageErrors()).isEqualTo(7);
        assertThat(page.storageNodes()).isEqualTo(2);
    }

    @ParameterizedTest
    @CsvSource({"1, 31", "1M, 31", "2w, 14", "100y, 36500", "24h, 1", "1.5d, 1", "nonsense, -1", "'', -1"})
    void readsDurationsAsTheServerDoes(String value, long days) throws IOException {
        ServerPage page = read("flag{name=\"retentionPeriod\", value=\"" + value + "\"} 1\nvm_app_version 1\n")
                .orElseThrow();

        assertThat(page.retention().map(Duration::toDays).orElse(-1L)).isEqualTo(days);
    }

    @Test
    void limitsThatAreOffOrUnknownAreTheStrictest() throws IOException {
        assertThat(read("flag{name=\"maxLabelValueLen\", value=\"0\"} 1\nvm_app_version 1\n")
                        .orElseThrow()
                        .limits())
                .isEqualTo(WireLimits.STRICTEST);
    }

    @Test
    void neverReadsForEver() throws IOException {
        assertThat(ServerPage.read(new InputStream() {
                    @Override
                    public int read() {
                        return 'x';
                    }
                }))
                .isEmpty();
    }

    @Test
    void anythingElseIsNoPageOrHasNoStart() throws IOException {
        assertThat(read("")).isEmpty();
        assertThat(read("<html>vm_app_start_timestamp 5</html>")).isEmpty();
        assertThat(read("node_load1 5\n")).isEmpty();
        assertThat(start("vm_app_start_timestamp 5\n")).isEmpty();
        assertThat(start("vmauth_requests_total 1\nvm_app_start_timestamp 5\nvm_app_uptime_seconds 6\n"))
                .isEmpty();
        assertThat(read("vmauth_requests_total 1\nvm_app_version{version=\"\"} 1\n"))
                .as("vmauth is VictoriaMetrics, too")
                .isPresent();
        assertThat(start("vm_app_start_timestamp 99999999999999999999\nvm_app_uptime_seconds -4\n"))
                .isEmpty();
    }

    @Test
    void theRealServerReportsIt() throws Exception {
        Clock clock = Clock.systemUTC();
        long before = clock.instant().getEpochSecond();
        try (VictoriaMetrics server =
                        VictoriaMetrics.start("-storage.maxHourlySeries=1000", "-storage.maxDailySeries=1000");
                ImportClient client = new ImportClient("1.2.3")) {
            Map<String, String> keys =
                    new HashMap<>(Map.of("url", server.importUrl().toString() + "?extra_label=a=b"));
            UploaderSettings settings = UploaderSettings.read(
                    TypedConfiguration.of(UploaderConfig.class, keys), new SettingReader(new ArrayList<>()));
            ServerPage page = client.serverPage(settings).orElseThrow();
            ServerPage.Start start = page.start().orElseThrow();
            assertThat(start.second()).isBetween(before - 1, clock.instant().getEpochSecond() + 1);
            assertThat(start.uptime()).isBetween(Duration.ZERO, Duration.ofMinutes(1));
            assertThat(page.retention()).contains(Duration.ofDays(36_500));
            assertThat(page.limits().labels()).isBetween(30, 40);
            assertThat(page.limits().valueBytes()).isIn(4096, 16_384);
            assertThat(page.ignored()).containsKeys("big_timestamp", "hourly_series_limit", "daily_series_limit");
        }
    }

    private static Optional<ServerPage.Start> start(String page) throws IOException {
        return read(page).flatMap(ServerPage::start);
    }

    private static Optional<ServerPage> read(String page) throws IOException {
        return ServerPage.read(new ByteArrayInputStream(page.getBytes(StandardCharsets.UTF_8)));
    }
}
