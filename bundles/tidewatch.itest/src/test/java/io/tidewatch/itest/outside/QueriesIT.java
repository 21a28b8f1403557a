package io.tidewatch.itest.outside;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.tidewatch.testing.server.VictoriaMetrics;
import java.io.IOException;
import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.function.LongToDoubleFunction;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

/** The queries that we hand out, on a real VictoriaMetrics with the samples of a fleet. */
class QueriesIT {
    /** Now, as the server takes what is long ago for expired. */
    private static Instant end;

    private static final long MINUTES = SampleFleet.SPAN.toMinutes();
    private static final Map<String, String> ROOT = Map.of("mountpoint", "/", "device", "mmcblk1p2", "fstype", "ext4");

    private static VictoriaMetrics server;

    @BeforeAll
    static void fill() throws Exception {
        end = Instant.now().truncatedTo(ChronoUnit.MINUTES);
        server = VictoriaMetrics.start();
        SampleFleet fleet = new SampleFleet(end).healthy("fine-1").healthy("fine-2");
        trouble(fleet);
        troubleOfStreams(fleet);
        fleet.send(server);
        Awaitility.await("all series")
                .atMost(Duration.ofMinutes(1))
                .pollInterval(Duration.ofMillis(200))
                .until(() -> {
                    server.flush();
                    JsonNode counted = query("count(last_over_time({device_id!=\"\"}[1d]))");
                    return counted.path(0).path("value").path(1).asInt() == fleet.series();
                });
    }

    @AfterAll
    static void close() throws Exception {
        server.close();
    }

    /** One device for each alert, of its name, in the trouble that it is for. */
    private static void trouble(SampleFleet fleet) {
        LongToDoubleFunction few = minute -> 100;
        String pending = "storage_metrics_pending_upload";
        fleet.add(pending, "TidewatchDeviceSilent", Map.of(), minute -> minute > MINUTES - 15 ? Double.NaN : 100)
                .add(pending, "TidewatchBacklogGrowing", Map.of(), minute -> 5000 + 50.0 * minute)
                .add(pending, "TidewatchTemperatureHigh", Map.of(), few)
                .add("cpu_temperature_celsius", "TidewatchTemperatureHigh", Map.of(), minute -> 86 + minute % 2)
                .add(pending, "TidewatchDiskFull", Map.of(), few)
                .add("filesystem_used_percent", "TidewatchDiskFull", ROOT, minute -> 97)
                .add("filesystem_available_bytes", "TidewatchDiskFull", ROOT, minute -> 1e8)
                .add(pending, "TidewatchDiskFilling", Map.of(), few)
                .add("filesystem_used_percent", "TidewatchDiskFilling", ROOT, minute -> 71 + minute / 60.0)
                .add("filesystem_available_bytes", "TidewatchDiskFilling", ROOT, minute -> 29e8 - 1e8 * minute / 60)
                .add(pending, "TidewatchClockSkew", Map.of(), few)
                .add(
                        "time_skew_ms",
                        "TidewatchClockSkew",
                        Map.of(),
                        minute -> minute > MINUTES - 60 ? Double.NaN : -3_600_000)
                .add(pending, "TidewatchRootReadOnly", Map.of(), few)
                .add("filesystem_readonly", "TidewatchRootReadOnly", ROOT, minute -> minute > MINUTES - 3 ? 1 : 0)
                .add(pending, "TidewatchCollectorFailing", Map.of(), few)
                .add(
                        "health_status",
                        "TidewatchCollectorFailing",
                        Map.of("component", "collector.thermal"),
                        minute -> 2)
                .add(pending, "TidewatchUploadsRefused", Map.of(), few)
                .add("uploader_state", "TidewatchUploadsRefused", Map.of("reason", "http_401"), minute -> 1)
                .add(pending, "TidewatchAgentInError", Map.of(), few)
                .add("health_status", "TidewatchAgentInError", Map.of("component", "agent"), minute -> 2);
    }

    private static void troubleOfStreams(SampleFleet fleet) {
        Map<String, String> sender = Map.of("source", "stats_file");
        Map<String, String> link = Map.of("source", "stats_file", "link", "wwan0");
        Map<String, String> modem = Map.of("modem", "1a2b3c4d", "interface", "wwan0", "technology", "5g");
        Map<String, String> flash = Map.of("device", "mmcblk0", "type", "b");
        LongToDoubleFunction ends = minute -> minute > MINUTES - 5 ? 0 : 1;
        fleet.add("link_active", "TidewatchAllLinksDown", sender, ends)
                .add("link_active", "TidewatchLinkDown", sender, minute -> 1)
                .add("link_up", "TidewatchLinkDown", link, ends)
                .add("modem_rsrp_dbm", "TidewatchModemSignalWeak", modem, minute -> -118)
                .add("hdmi_signal", "TidewatchSignalOfInputLost", Map.of("input", "stream_hdmirx"), ends)
                .add("accelerator_load_percent", "TidewatchEncoderBusy", Map.of("device", "rkvenc1"), minute -> 97)
                .add(
                        "receiver_dropped_packets_total",
                        "TidewatchReceiverDropping",
                        Map.of("publisher", "studio"),
                        minute -> 90.0 * minute)
                .add("sensor_undervoltage", "TidewatchUndervoltage", Map.of("chip", "rpi_volt"), minute -> 1)
                .add("cpu_throttled", "TidewatchThrottled", Map.of(), minute -> minute % 5 == 0 ? 0 : 1)
                .add("mmc_life_used_min_percent", "TidewatchFlashWorn", flash, minute -> 90)
                .add(
                        "memory_oom_kills_total",
                        "TidewatchOutOfMemory",
                        Map.of(),
                        minute -> minute > MINUTES - 5 ? 1 : 0);
    }

    @Test
    void eachAlertNamesTheDeviceInTroubleAndNoOther() throws Exception {
        Map<String, Set<String>> named = new TreeMap<>();
        Map<String, Set<String>> expected = new TreeMap<>();
        for (Map.Entry<String, PromExpression> alert : AlertRules.expressions().entrySet()) {
            named.put(alert.getKey(), devices(query(alert.getValue().text())));
            expected.put(alert.getKey(), Set.of(alert.getKey()));
        }

        assertThat(named).hasSizeGreaterThan(6).isEqualTo(expected);
    }

    @Test
    void everyPanelShowsSomethingOfHealthyDevices() throws Exception {
        assertThat(Dashboards.all()).containsKeys("device.json", "encoder.json", "fleet.json");
        List<String> empty = new ArrayList<>();
        for (PromExpression expression : Dashboards.expressions()) {
            if (query(Dashboards.filled(expression, "fine-1")).isEmpty()) {
                empty.add(expression.toString());
            }
        }
        assertThat(empty).as("queries without a result").isEmpty();
    }

    @Test
    void theTableOfTheFleetHasARowPerDeviceWithItsVersion() throws Exception {
        PromExpression versions = Dashboards.expressions().stream()
                .filter(expression -> expression.text().contains("tidewatch_build_info"))
                .findFirst()
                .orElseThrow();
        List<String> rows = new ArrayList<>();
        for (JsonNode one : query(Dashboards.filled(versions, "fine-.+"))) {
            rows.add(one.path("metric").path("device_id").asText() + " "
                    + one.path("metric").path("version").asText());
        }
        assertThat(rows).containsExactlyInAnyOrder("fine-1 0.1.0", "fine-2 0.1.0");
    }

    @Test
    void theDashboardsAreForTodaysGrafana() throws Exception {
        for (JsonNode dashboard : Dashboards.all().values()) {
            assertThat(dashboard.path("schemaVersion").asInt()).isGreaterThanOrEqualTo(39);
            assertThat(dashboard.path("annotations").path("list")).hasSize(3);
            assertThat(dashboard.path("templating").path("list").findValuesAsText("type"))
                    .as("variables, one for labels")
                    .contains("adhoc");
            for (JsonNode panel : dashboard.path("panels")) {
                if (panel.path("type").asText().equals("timeseries")) {
                    assertThat(panel.at("/fieldConfig/defaults/noValue").asText())
                            .as(panel.path("title").asText())
                            .isNotEmpty();
                }
            }
        }
    }

    @Test
    void theDevicesToChooseFromAreThoseThatReport() throws Exception {
        Pattern labels = Pattern.compile("label_values\\((\\w+), (\\w+)\\)");
        assertThat(Dashboards.variables()).hasSize(3);
        for (PromExpression variable : Dashboards.variables()) {
            Matcher matcher = labels.matcher(variable.text());
            assertThat(matcher.matches()).as(variable.toString()).isTrue();
            assertThat(devices(query(
                            "group by (" + matcher.group(2) + ") (last_over_time(" + matcher.group(1) + "[1d]))")))
                    .contains("fine-1", "fine-2", "TidewatchDeviceSilent");
        }
    }

    @Test
    void everyExampleOfThePageHasAResult() throws Exception {
        assertThat(VictoriaMetricsPage.expressions()).hasSizeGreaterThan(8);
        List<String> empty = new ArrayList<>();
        for (PromExpression expression : VictoriaMetricsPage.expressions()) {
            if (query(expression.text().replace("rig-1", "fine-1")).isEmpty()) {
                empty.add(expression.toString());
            }
        }
        assertThat(empty).as("queries without a result").isEmpty();
    }

    @Test
    void prometheusTakesTheRulesAndTheirUnitTests() throws Exception {
        assertPasses("check", AlertRules.RULES);
        assertPasses("test", AlertRules.TESTS);
        Set<String> alerts = AlertRules.expressions().keySet();
        assertThat(AlertRules.tested(true)).as("alerts tested to fire").containsExactlyInAnyOrderElementsOf(alerts);
        assertThat(AlertRules.tested(false)).as("alerts tested to be quiet").hasSameElementsAs(alerts);
    }

    private static void assertPasses(String command, Path file) throws Exception {
        PromTool.Ended ended = PromTool.run("", command, "rules", file.toString());
        assertThat(ended.exitCode()).as(ended.output()).isZero();
        assertThat(ended.output()).contains("SUCCESS");
    }

    /** The series of the result, each with {@code metric} and {@code value}; a scalar is none. */
    private static JsonNode query(String expression) throws IOException {
        byte[] answer = server.get("/api/v1/query?time=" + end.getEpochSecond() + "&query="
                + URLEncoder.encode(expression, StandardCharsets.UTF_8));
        return new ObjectMapper().readTree(answer).path("data").path("result");
    }

    private static Set<String> devices(JsonNode result) {
        Set<String> devices = new TreeSet<>();
        for (JsonNode one : result) {
            devices.add(one.path("metric").path("device_id").asText());
        }
        return devices;
    }
}
