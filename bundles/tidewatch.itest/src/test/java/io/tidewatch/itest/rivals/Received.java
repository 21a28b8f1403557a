package io.tidewatch.itest.rivals;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.tidewatch.testing.server.VictoriaMetrics;
import java.io.IOException;
import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.OptionalDouble;
import java.util.OptionalLong;
import java.util.SortedMap;
import java.util.SortedSet;
import java.util.TreeMap;
import java.util.TreeSet;

/** What a server has got, by selectors of series. Times are in milliseconds since the epoch. */
final class Received {
    /** Longer than a run. */
    private static final String EVER = "[6h]";

    private static final ObjectMapper JSON = new ObjectMapper();

    private final VictoriaMetrics server;

    Received(VictoriaMetrics server) {
        this.server = server;
    }

    /** The history of a series. */
    record History(String name, SortedSet<Long> times) {}

    /** How many samples there are. */
    long samples(String selector) throws IOException {
        return (long) number("sum(count_over_time(" + selector + EVER + "))").orElse(0);
    }

    /** How many samples of a span of time there are. */
    long samples(String selector, long from, long to) throws IOException {
        return (long) number("sum(count_over_time(" + selector + "[" + (to - from) + "ms]))", "&time=" + to / 1e3)
                .orElse(0);
    }

    /** The time of the newest sample; empty if there is none. */
    OptionalLong newest(String selector) throws IOException {
        OptionalDouble seconds = number("max(tlast_over_time(" + selector + EVER + "))");
        return seconds.isPresent() ? OptionalLong.of(Math.round(seconds.getAsDouble() * 1000)) : OptionalLong.empty();
    }

    /** Every series with all its samples. */
    List<History> histories(String selector) throws IOException {
        String lines = new String(
                server.get("/api/v1/export?start=0&match[]=" + URLEncoder.encode(selector, StandardCharsets.UTF_8)),
                StandardCharsets.UTF_8);
        // A line may hold a part of a series only.
        Map<SortedMap<String, String>, SortedSet<Long>> times = new LinkedHashMap<>();
        for (String line : lines.lines().toList()) {
            JsonNode part = JSON.readTree(line);
            SortedMap<String, String> labels = new TreeMap<>();
            part.path("metric")
                    .properties()
                    .forEach(
                            label -> labels.put(label.getKey(), label.getValue().asText()));
            SortedSet<Long> ofSeries = times.computeIfAbsent(labels, series -> new TreeSet<>());
            part.path("timestamps").forEach(time -> ofSeries.add(time.asLong()));
        }
        List<History> histories = new ArrayList<>();
        times.forEach((labels, all) -> histories.add(new History(labels.getOrDefault("__name__", ""), all)));
        return histories;
    }

    private OptionalDouble number(String query) throws IOException {
        return number(query, "");
    }

    private OptionalDouble number(String query, String more) throws IOException {
        JsonNode result = JSON.readTree(server.get("/api/v1/query?nocache=1&latency_offset=1ms&query="
                        + URLEncoder.encode(query, StandardCharsets.UTF_8)
                        + more))
                .path("data")
                .path("result");
        return result.isEmpty()
                ? OptionalDouble.empty()
                : OptionalDouble.of(
                        Double.parseDouble(result.path(0).path("value").path(1).asText()));
    }
}
