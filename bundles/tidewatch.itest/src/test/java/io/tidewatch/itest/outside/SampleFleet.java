package io.tidewatch.itest.outside;

import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.tidewatch.api.collector.Kind;
import io.tidewatch.api.collector.Metric;
import io.tidewatch.testing.server.VictoriaMetrics;
import java.io.IOException;
import java.net.HttpURLConnection;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.function.LongToDoubleFunction;

/**
 * Seven hours of samples, one a minute, of devices that are made up: healthy ones have every metric that the READMEs
 * list, with the tags that they list.
 */
final class SampleFleet {
    static final Duration SPAN = Duration.ofHours(7);

    private static final Duration STEP = Duration.ofMinutes(1);
    private static final Map<String, List<String>> TAGS = Map.ofEntries(
            Map.entry("core", List.of("all", "0", "1")),
            Map.entry("device", List.of("mmcblk0", "rkvenc0")),
            Map.entry("type", List.of("fan")),
            Map.entry("mountpoint", List.of("/")),
            Map.entry("fstype", List.of("ext4")),
            Map.entry("interface", List.of("eth0", "modem1")),
            Map.entry("resource", List.of("cpu", "io", "memory")),
            Map.entry("zone", List.of("soc-thermal")),
            Map.entry("zone_number", List.of("0")),
            Map.entry("collector", List.of("cpu", "thermal")),
            Map.entry("component", List.of("agent", "storage", "uploader")),
            Map.entry("metric", List.of("app.jobs")),
            Map.entry("version", List.of("0.1.0")),
            Map.entry("commit", List.of("0123456789ab")),
            Map.entry("reason", List.of("any")),
            Map.entry("file", List.of("jobs.prom")),
            Map.entry("link", List.of("wwan0", "wwan1")),
            Map.entry("source", List.of("stats_file")),
            Map.entry("modem", List.of("1a2b3c4d")),
            Map.entry("technology", List.of("lte")),
            Map.entry("publisher", List.of("studio")),
            Map.entry("input", List.of("stream_hdmirx")),
            Map.entry("chip", List.of("rpi_volt")),
            Map.entry("sensor", List.of("in0")),
            Map.entry("supply", List.of("usb")));
    /** Of healthy devices, where a value of 1, or a growth of 60 a minute, would be odd. */
    private static final Map<String, LongToDoubleFunction> VALUES = Map.ofEntries(
            Map.entry("health_status", minute -> 0),
            Map.entry("filesystem_readonly", minute -> 0),
            Map.entry("filesystem_used_percent", minute -> 40),
            Map.entry("filesystem_available_bytes", minute -> 5e9 - 1e3 * minute),
            Map.entry("cpu_temperature_celsius", minute -> 55 + minute % 5),
            Map.entry("time_skew_ms", minute -> 200 - minute % 400),
            Map.entry("storage_metrics_pending_upload", minute -> 100 + minute % 50),
            Map.entry("collector_metrics_failed_total", minute -> 3),
            Map.entry("uploader_upload_failures_total", minute -> Math.floor(minute / 10.0)),
            Map.entry("link_active", minute -> 2),
            Map.entry("modem_rsrp_dbm", minute -> -95 - minute % 10),
            Map.entry("sensor_undervoltage", minute -> 0),
            Map.entry("cpu_throttled", minute -> minute % 60 == 0 ? 1 : 0),
            Map.entry("memory_oom_kills_total", minute -> 3),
            Map.entry("receiver_dropped_packets_total", minute -> minute));

    private final ObjectMapper mapper = new ObjectMapper();
    private final StringBuilder lines = new StringBuilder();
    private final Instant end;
    private int series;

    /** @param end the time of the newest samples */
    SampleFleet(Instant end) {
        this.end = end;
    }

    /** A device that is as it should be. */
    SampleFleet healthy(String device) throws IOException {
        for (Map.Entry<String, Metric> metric :
                DocumentedMetrics.read().byName().entrySet()) {
            LongToDoubleFunction values = VALUES.getOrDefault(
                    metric.getKey(), metric.getValue().kind() == Kind.COUNTER ? minute -> 60.0 * minute : minute -> 1);
            for (Map<String, String> tags : everyTag(metric.getValue().tags())) {
                add(metric.getKey(), device, tags, values);
            }
        }
        return this;
    }

    /** One series of a device; its value by the minutes since the first sample, NaN where it has none. */
    SampleFleet add(String metric, String device, Map<String, String> tags, LongToDoubleFunction values) {
        ObjectNode line = mapper.createObjectNode();
        ObjectNode labels = line.putObject("metric").put("__name__", metric).put("device_id", device);
        tags.forEach(labels::put);
        ArrayNode numbers = line.putArray("values");
        ArrayNode times = line.putArray("timestamps");
        for (long minute = 0; minute <= SPAN.toMinutes(); minute++) {
            double value = values.applyAsDouble(minute);
            if (!Double.isNaN(value)) {
                numbers.add(value);
                times.add(end.minus(SPAN).plus(STEP.multipliedBy(minute)).toEpochMilli());
            }
        }
        lines.append(line).append('\n');
        series++;
        return this;
    }

    /** How many series there are. */
    int series() {
        return series;
    }

    /** Hands everything to a server. */
    void send(VictoriaMetrics server) throws IOException {
        HttpURLConnection connection =
                (HttpURLConnection) server.importUrl().toURL().openConnection();
        connection.setRequestMethod("POST");
        connection.setDoOutput(true);
        connection.getOutputStream().write(lines.toString().getBytes(StandardCharsets.UTF_8));
        if (connection.getResponseCode() != HttpURLConnection.HTTP_NO_CONTENT) {
            throw new IOException("The server answered " + connection.getResponseCode());
        }
        connection.disconnect();
        server.flush();
    }

    private static List<Map<String, String>> everyTag(List<String> tags) {
        List<Map<String, String>> combinations = List.of(Map.of());
        for (String tag : tags) {
            List<String> values = TAGS.get(tag);
            if (values == null) {
                throw new AssertionError("No value for the tag " + tag + "; give it one here");
            }
            List<Map<String, String>> longer = new ArrayList<>();
            for (Map<String, String> combination : combinations) {
                for (String value : values) {
                    SortedMap<String, String> one = new TreeMap<>(combination);
                    one.put(tag, value);
                    longer.add(one);
                }
            }
            combinations = longer;
        }
        return combinations;
    }
}
