package io.tidewatch.command.tail;

import io.tidewatch.api.store.Series;
import io.tidewatch.command.agent.Surroundings;
import io.tidewatch.command.console.DisplayText;
import java.time.Instant;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.util.HashSet;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.function.Consumer;
import java.util.stream.Collectors;

/**
 * Samples for people: a line each, with what differs. The date and the labels that all of them share are in a line above,
 * which is repeated when they change.
 */
final class TailTable implements Consumer<List<Tail.Line>> {
    private static final int VALUE_COLUMNS = 14;
    private static final DateTimeFormatter DATE =
            DateTimeFormatter.ofPattern("uuuu-MM-dd", Locale.ROOT).withZone(ZoneOffset.UTC);
    private static final DateTimeFormatter TIME =
            DateTimeFormatter.ofPattern("HH:mm:ss.S", Locale.ROOT).withZone(ZoneOffset.UTC);

    private final Surroundings surroundings;
    private final Set<Series> shown = new HashSet<>();
    private Map<String, String> shared = Map.of();
    private String date = "";

    TailTable(Surroundings surroundings) {
        this.surroundings = surroundings;
    }

    @Override
    public void accept(List<Tail.Line> lines) {
        lines.forEach(line -> shown.add(line.series()));
        Map<String, String> now = sharedLabels();
        for (Tail.Line line : lines) {
            Instant time = Instant.ofEpochMilli(line.time());
            if (!DATE.format(time).equals(date) || !now.equals(shared)) {
                date = DATE.format(time);
                shared = now;
                println(date + " UTC" + (shared.isEmpty() ? "" : "  " + labels(shared)));
            }
            String value = line.shown();
            println(TIME.format(time) + "  " + " ".repeat(Math.max(0, VALUE_COLUMNS - DisplayText.width(value))) + value
                    + "  " + name(line.series()));
        }
    }

    private void println(String text) {
        surroundings.out().println(DisplayText.cut(text, surroundings.terminal().columns()));
    }

    /** Labels that all series have with the same value, if there is more than one series. */
    private Map<String, String> sharedLabels() {
        if (shown.size() < 2) {
            return Map.of();
        }
        Map<String, String> common = new TreeMap<>(shown.iterator().next().tags());
        shown.forEach(series -> common.entrySet().retainAll(series.tags().entrySet()));
        return common;
    }

    private String name(Series series) {
        Map<String, String> own = new TreeMap<>(series.tags());
        own.entrySet().removeAll(shared.entrySet());
        return own.isEmpty() ? series.name() : series.name() + labels(own);
    }

    private static String labels(Map<String, String> labels) {
        return labels.entrySet().stream()
                .map(label -> label.getKey() + "=\"" + DisplayText.plain(label.getValue()) + "\"")
                .collect(Collectors.joining(", ", "{", "}"));
    }
}
