package io.tidewatch.command.tail;

import io.tidewatch.api.collector.Kind;
import io.tidewatch.api.store.DeliveryQuery;
import io.tidewatch.api.store.HistoryQuery;
import io.tidewatch.api.store.Series;
import io.tidewatch.api.store.SeriesRun;
import io.tidewatch.api.store.StoreException;
import io.tidewatch.command.agent.Json;
import io.tidewatch.command.agent.Surroundings;
import io.tidewatch.command.console.DisplayText;
import io.tidewatch.store.sqlite.DatabaseFile;
import java.time.Clock;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Consumer;
import java.util.function.Predicate;

/**
 * Shows samples as they come. Passes of different collectors are stored in about the order of their times, not exactly;
 * those of one series are. So each query goes back a little, and skips what was shown, by series.
 */
public final class Tail {
    static final Instant END = DeliveryQuery.END;

    /** Longer than a pass may take, with the commit behind it. */
    private static final long OVERLAP_MILLIS = 60_000;

    /** Whole numbers up to here have no fraction that could be lost. */
    private static final double LARGEST_WHOLE = 1e15;

    /**
     * A sample.
     *
     * @param time in milliseconds since the epoch
     * @param value a number, or a text
     */
    public record Line(long time, Series series, Object value) {
        public static final Comparator<Line> ORDER = Comparator.comparingLong(Line::time)
                .thenComparing(line -> line.series().name())
                .thenComparing(line -> String.valueOf(line.series().tags()));

        /** An object of JSON in one line, for programs. A number that JSON does not have is null. */
        String json() {
            return Json.line(object -> {
                object.writeStringField("time", Instant.ofEpochMilli(time).toString());
                object.writeStringField("metric", series.name());
                object.writeObjectFieldStart("tags");
                for (Map.Entry<String, String> tag : series.tags().entrySet()) {
                    object.writeStringField(tag.getKey(), tag.getValue());
                }
                object.writeEndObject();
                object.writeFieldName("value");
                if (!(value instanceof Double number)) {
                    object.writeString(value.toString());
                } else if (Double.isFinite(number)) {
                    object.writeNumber(number);
                } else {
                    object.writeNull();
                }
            });
        }

        /** The value for people: a text in quotes. */
        String shown() {
            return value instanceof Double number ? number(number) : "\"" + DisplayText.plain(value.toString()) + "\"";
        }
    }

    private final DatabaseFile database;
    private final HistoryQuery query;
    private final Predicate<Series> wanted;
    private final Consumer<List<Line>> printer;
    private final Clock clock;
    private final Map<Series, Long> shown = new HashMap<>();
    private long newest;

    Tail(
            DatabaseFile database,
            HistoryQuery query,
            Predicate<Series> wanted,
            Consumer<List<Line>> printer,
            Clock clock) {
        this.database = database;
        this.query = query;
        this.wanted = wanted;
        this.printer = printer;
        this.clock = clock;
    }

    /** Returns what prints lines that are in the order of their times: for people, or with a JSON object per line. */
    public static Consumer<List<Line>> printer(boolean json, Surroundings surroundings) {
        return json
                ? lines -> lines.forEach(line -> surroundings.out().println(line.json()))
                : new TailTable(surroundings);
    }

    /** Shows so many at most; what is older is not shown later either. */
    void showNewest(int count) throws StoreException, InterruptedException {
        List<Line> lines = new ArrayList<>();
        newest = clock.millis();
        database.read(query.newest(count), wanted, run -> lines.addAll(linesOf(run)));
        if (!lines.isEmpty()) {
            newest = lines.stream().mapToLong(Line::time).max().getAsLong();
            // Series of which none is among them: all that they have by now counts as older.
            HistoryQuery recent = between(newest - OVERLAP_MILLIS, END);
            database.read(recent, wanted, run -> {
                shown.put(run.series(), run.timestamp(run.size() - 1));
                return true;
            });
            // Samples stored between the two queries.
            for (Line line : lines) {
                shown.merge(line.series(), line.time(), Math::max);
            }
        }
        print(lines);
    }

    void showWhatCame() throws StoreException, InterruptedException {
        long now = clock.millis();
        if (now < newest - OVERLAP_MILLIS) {
            // The clock was set back.
            newest = now;
            shown.clear();
        }
        List<Line> lines = new ArrayList<>();
        // Those of a look that fails are shown by the next one.
        Map<Series, Long> shownThen = new HashMap<>(shown);
        // Nothing that comes is ahead of the clock; what was stored before it was set back may be.
        database.read(between(newest - OVERLAP_MILLIS, Instant.ofEpochMilli(now + OVERLAP_MILLIS)), wanted, run -> {
            long last = shownThen.getOrDefault(run.series(), Long.MIN_VALUE);
            linesOf(run).stream().filter(line -> line.time() > last).forEach(lines::add);
            shownThen.merge(run.series(), run.timestamp(run.size() - 1), Math::max);
            return true;
        });
        shown.putAll(shownThen);
        for (Line line : lines) {
            newest = Math.max(newest, line.time());
        }
        print(lines);
    }

    private HistoryQuery between(long from, Instant until) {
        return new HistoryQuery(
                query.name(),
                query.tags(),
                Instant.ofEpochMilli(Math.max(0, from)),
                until,
                HistoryQuery.Order.OLDEST_FIRST,
                Long.MAX_VALUE);
    }

    private static List<Line> linesOf(SeriesRun run) {
        List<Line> lines = new ArrayList<>(run.size());
        for (int i = 0; i < run.size(); i++) {
            Object value = run.series().kind() == Kind.TEXT ? run.text(i) : (Object) run.value(i);
            lines.add(new Line(run.timestamp(i), run.series(), value));
        }
        return lines;
    }

    private void print(List<Line> lines) {
        lines.sort(Line.ORDER);
        printer.accept(lines);
    }

    private static String number(double value) {
        return value == Math.rint(value) && Math.abs(value) < LARGEST_WHOLE
                ? String.valueOf((long) value)
                : String.valueOf(value);
    }
}
