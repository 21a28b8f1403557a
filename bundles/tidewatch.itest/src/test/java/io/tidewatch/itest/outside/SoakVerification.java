package io.tidewatch.itest.outside;

import io.tidewatch.testing.server.ImportLines;
import io.tidewatch.testing.server.ReceivedSample;
import io.tidewatch.testing.server.VictoriaMetrics;
import java.io.IOException;
import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.NavigableMap;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.TreeSet;

/**
 * Compares what the load of a soak made, what the store holds and what the server has, sample for sample. A difference is
 * a sentence; the first of each sort name the place, the rest are counted.
 */
final class SoakVerification {
    private static final String WIRE_NAME = "soak_value";
    private static final int SERIES_AT_ONCE = 25;
    private static final int NAMED = 5;

    private final Database database;
    private final int series;
    private final Map<String, Integer> differences = new TreeMap<>();
    private final List<String> named = new ArrayList<>();
    private final NavigableMap<Long, Long> sequenceByTime = new TreeMap<>();
    private long atServer;
    private long repeated;

    /** @param series how many series the load has */
    SoakVerification(Database database, int series) {
        this.database = database;
        this.series = series;
    }

    /**
     * What the store holds against the journal: each pass once, whole, at a time of its own and later than the one before.
     *
     * @param passes how many the load has made
     * @param mayBeLost those that an agent was killed at
     */
    void compareStore(long passes, Collection<Long> mayBeLost) throws Exception {
        Map<Long, Integer> samplesByTime = new HashMap<>();
        TreeSet<Long> missing = new TreeSet<>();
        for (long pass = 0; pass < passes; pass++) {
            missing.add(pass);
        }
        database.eachSample(SoakCollector.METRIC, SoakCollector.TAG, (time, tag, value) -> {
            long sequence = SoakCollector.sequence(value);
            if (sequenceByTime.putIfAbsent(time, sequence) == null && !missing.remove(sequence)) {
                differ("a pass that is stored twice, or was never made", "pass " + sequence + " at " + time);
            }
            check(time, tag, value, "stored");
            samplesByTime.merge(time, 1, Integer::sum);
        });
        missing.removeAll(mayBeLost);
        missing.forEach(pass -> differ("a pass that was made and is not stored", "pass " + pass + " of " + passes));
        samplesByTime.forEach((time, samples) -> {
            if (samples != series) {
                differ(
                        "a pass that is stored in part",
                        "pass " + sequenceByTime.get(time) + ": " + samples + " of " + series);
            }
        });
        Long before = null;
        for (Long sequence : sequenceByTime.values()) {
            if (before != null && sequence <= before) {
                differ("passes in the wrong order", sequence + " behind " + before);
            }
            before = sequence;
        }
    }

    /** What the server has against what the store holds: every sample of every series exactly once. */
    void compareServer(VictoriaMetrics server, String device) throws Exception {
        for (int first = 0; first < series; first += SERIES_AT_ONCE) {
            StringBuilder numbers = new StringBuilder();
            int behind = Math.min(series, first + SERIES_AT_ONCE);
            for (int i = first; i < behind; i++) {
                numbers.append(i == first ? "" : "|").append(i);
            }
            String selector = "{__name__=\"" + WIRE_NAME + "\",device_id=\"" + device + "\"," + SoakCollector.TAG
                    + "=~\"" + numbers + "\"}";
            Map<String, List<ReceivedSample>> exported = new HashMap<>();
            for (ReceivedSample sample : export(server, selector, "")) {
                exported.computeIfAbsent(sample.labels().get(SoakCollector.TAG), tag -> new ArrayList<>())
                        .add(sample);
            }
            for (int i = first; i < behind; i++) {
                compareSeries(i, exported.getOrDefault(Integer.toString(i), List.of()));
            }
            repeated += export(server, selector, "&reduce_mem_usage=1").size();
        }
        repeated -= atServer;
        compareOthers(server, device);
    }

    /** What is not as it should be; empty if all is well. */
    List<String> differences() {
        List<String> all = new ArrayList<>(named);
        differences.forEach((sort, count) -> all.add(count + " times: " + sort));
        return all;
    }

    /** Passes in the store. */
    int storedPasses() {
        return sequenceByTime.size();
    }

    /** Samples of the load that the server has. */
    long atServer() {
        return atServer;
    }

    /** How many more it keeps in its files, as they were sent again; it merges them when it is asked. */
    long repeated() {
        return repeated;
    }

    /** The longest time between two passes, in ms. */
    long longestGapMillis() {
        long longest = 0;
        Long before = null;
        for (Long time : sequenceByTime.keySet()) {
            longest = before == null ? 0 : Math.max(longest, time - before);
            before = time;
        }
        return longest;
    }

    private void compareSeries(int number, List<ReceivedSample> samples) {
        TreeSet<Long> times = new TreeSet<>();
        for (ReceivedSample sample : samples) {
            if (!times.add(sample.timestamp())) {
                differ("a sample that the server has twice", "series " + number + " at " + sample.timestamp());
            }
            if (!sequenceByTime.containsKey(sample.timestamp())) {
                differ("a sample that only the server has", "series " + number + " at " + sample.timestamp());
            } else {
                check(sample.timestamp(), Integer.toString(number), sample.value(), "at the server");
            }
        }
        atServer += times.size();
        for (Map.Entry<Long, Long> pass : sequenceByTime.entrySet()) {
            if (!times.contains(pass.getKey())) {
                differ(
                        "a sample that the server lacks",
                        "series " + number + ", pass " + pass.getValue() + " at " + pass.getKey());
            }
        }
    }

    private void compareOthers(VictoriaMetrics server, String device) throws Exception {
        Map<SortedMap<String, String>, SortedMap<Long, Double>> stored =
                database.numericSamples("r.name <> '" + SoakCollector.METRIC + "'");
        Map<SortedMap<String, String>, SortedMap<Long, Double>> exported =
                server.export("{device_id=\"" + device + "\",__name__!=\"" + WIRE_NAME + "\"}");
        stored.forEach((labels, values) -> {
            if (!values.equals(exported.get(labels))) {
                SortedMap<Long, Double> there = exported.getOrDefault(labels, new TreeMap<>());
                differ(
                        "a series of another collector that differs",
                        labels + ": " + values.size() + " stored, " + there.size() + " at the server");
            }
        });
        if (exported.size() > stored.size()) {
            differ(
                    "more series of other collectors at the server than in the store",
                    exported.size() + ", " + stored.size());
        }
    }

    private void check(long time, String tag, double value, String where) {
        Long sequence = sequenceByTime.get(time);
        if (sequence == null || SoakCollector.value(sequence, Integer.parseInt(tag)) != value) {
            differ("a wrong value " + where, "series " + tag + " at " + time + ", pass " + sequence + ": " + value);
        }
    }

    private void differ(String sort, String place) {
        if (differences.merge(sort, 1, Integer::sum) <= NAMED) {
            named.add(sort + ": " + place);
        }
    }

    private static List<ReceivedSample> export(VictoriaMetrics server, String selector, String options)
            throws IOException {
        return ImportLines.decode(server.get("/api/v1/export?start=0&end=4102444800" + options + "&match[]="
                + URLEncoder.encode(selector, StandardCharsets.UTF_8)));
    }
}
