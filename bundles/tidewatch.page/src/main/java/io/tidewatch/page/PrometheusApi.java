package io.tidewatch.page;

import com.fasterxml.jackson.core.JsonGenerator;
import io.tidewatch.api.collector.Kind;
import io.tidewatch.api.store.HistoryQuery;
import io.tidewatch.api.store.NewestSample;
import io.tidewatch.api.store.SampleHistory;
import io.tidewatch.api.store.StoreException;
import io.tidewatch.jsonlines.WireLabels;
import io.tidewatch.page.query.BadQueryException;
import io.tidewatch.page.query.Range;
import io.tidewatch.page.query.RangeQuery;
import io.tidewatch.page.query.RangeQuery.Aggregate;
import io.tidewatch.page.query.Selector;
import io.tidewatch.page.query.SeriesValues;
import io.tidewatch.page.query.Times;
import java.io.IOException;
import java.math.BigDecimal;
import java.time.Instant;
import java.util.Iterator;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.function.Consumer;
import java.util.function.LongSupplier;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * The part of Prometheus' HTTP API that a reader of plain series needs, and the newest samples.
 *
 * <p>Source: <a href="https://prometheus.io/docs/prometheus/latest/querying/api/">HTTP API</a> of Prometheus.
 *
 * @param now milliseconds since the epoch, as samples are stamped
 */
record PrometheusApi(LongSupplier now, String build) {
    static final String PATH = "/api/v1/";

    static final String PATHS = "/api/v1/query_range, /api/v1/query, /api/v1/series, /api/v1/labels,"
            + " /api/v1/label/<name>/values, /api/v1/metadata, /api/v1/status/buildinfo, /api/v1/now";

    /** The version of Prometheus whose API this is a part of: from it on labels and their values take selectors. */
    private static final String LIKE = "2.24.0";

    private static final Pattern VALUES = Pattern.compile("label/([A-Za-z_][A-Za-z0-9_]*)/values");
    private static final Pattern SUM = Pattern.compile("\\s*(\\d{1,9})\\s*(?:\\+\\s*(\\d{1,9})\\s*)?");

    /** Answers a request by the pieces of its body; null if there is nothing at this path behind {@link #PATH}. */
    @Nullable
    Iterator<byte[]> answer(String path, Parameters parameters, SampleHistory history)
            throws BadQueryException, StoreException, InterruptedException {
        return switch (path) {
            case "query_range" -> range(parameters, history);
            case "query" -> instant(parameters, history);
            case "series" -> series(parameters, history);
            case "labels" -> names(parameters, history);
            case "metadata" -> metadata(parameters, history);
            case "status/buildinfo" -> JsonPieces.of(this::buildInfo);
            case "now" -> now(parameters, history);
            default -> {
                Matcher values = VALUES.matcher(path);
                yield values.matches() ? values(values.group(1), parameters, history) : null;
            }
        };
    }

    private static Iterator<byte[]> range(Parameters parameters, SampleHistory history)
            throws BadQueryException, StoreException, InterruptedException {
        Range range = Range.of(
                Times.time("start", parameters.required("start")),
                Times.time("end", parameters.required("end")),
                Times.duration("step", parameters.required("step")));
        List<SeriesValues> found = new RangeQuery(
                        Selector.parse(parameters.required("query")),
                        range,
                        aggregate(parameters.optional("agg").orElse("last")),
                        lookback(parameters))
                .read(history);
        return new JsonPieces<>(result("matrix"), found, (json, series) -> {
            startWithLabels(json, series.labels());
            json.writeArrayFieldStart("values");
            for (int i = 0; i < range.points(); i++) {
                double value = series.value(i);
                if (!Double.isNaN(value)) {
                    sample(json, range.time(i), value);
                }
            }
            json.writeEndArray();
            json.writeEndObject();
        });
    }

    private Iterator<byte[]> instant(Parameters parameters, SampleHistory history)
            throws BadQueryException, StoreException, InterruptedException {
        String query = parameters.required("query");
        long time = parameters.optional("time").isEmpty()
                ? now.getAsLong()
                : Times.time("time", parameters.required("time"));
        Matcher sum = SUM.matcher(query);
        if (sum.matches()) {
            double value =
                    Double.parseDouble(sum.group(1)) + (sum.group(2) == null ? 0 : Double.parseDouble(sum.group(2)));
            return JsonPieces.of(json -> {
                json.writeStartObject();
                json.writeStringField("resultType", "scalar");
                json.writeFieldName("result");
                sample(json, time, value);
            });
        }
        List<SeriesValues> found = new RangeQuery(
                        Selector.parse(query), Range.of(time, time, 1), Aggregate.LAST, lookback(parameters))
                .read(history);
        return new JsonPieces<>(result("vector"), found, (json, series) -> {
            startWithLabels(json, series.labels());
            json.writeFieldName("value");
            sample(json, time, series.value(0));
            json.writeEndObject();
        });
    }

    private static Aggregate aggregate(String name) throws BadQueryException {
        return Stream.of(Aggregate.values())
                .filter(aggregate -> aggregate.name().toLowerCase(Locale.ROOT).equals(name))
                .findFirst()
                .orElseThrow(() -> new BadQueryException("agg is '" + name + "'; expected last, min, max or avg"));
    }

    private static Iterator<byte[]> series(Parameters parameters, SampleHistory history)
            throws BadQueryException, StoreException, InterruptedException {
        parameters.required("match[]");
        Set<String> series = new LinkedHashSet<>();
        select(parameters, history, labels -> series.add(JsonPieces.text(json -> JsonPieces.labels(json, labels))));
        return new JsonPieces<>(JsonGenerator::writeStartArray, series, JsonGenerator::writeRawValue);
    }

    private static Iterator<byte[]> names(Parameters parameters, SampleHistory history)
            throws BadQueryException, StoreException, InterruptedException {
        Set<String> names = new TreeSet<>();
        select(parameters, history, labels -> names.addAll(labels.keySet()));
        return new JsonPieces<>(JsonGenerator::writeStartArray, names, JsonGenerator::writeString);
    }

    private static Iterator<byte[]> values(String label, Parameters parameters, SampleHistory history)
            throws BadQueryException, StoreException, InterruptedException {
        Set<String> values = new TreeSet<>();
        select(parameters, history, labels -> {
            if (labels.containsKey(label)) {
                values.add(labels.get(label));
            }
        });
        return new JsonPieces<>(JsonGenerator::writeStartArray, values, JsonGenerator::writeString);
    }

    /**
     * Passes on the labels of the numeric series that {@code match[]} selects, all without it. One after the other, by a
     * query for no sample: a list of ten thousand series is half of the heap.
     */
    private static void select(Parameters parameters, SampleHistory history, Consumer<SortedMap<String, String>> taker)
            throws BadQueryException, StoreException, InterruptedException {
        List<String> matches = parameters.all("match[]");
        Selector selector = matches.isEmpty() ? Selector.everything() : Selector.anyOf(matches);
        history.read(
                HistoryQuery.between(Instant.EPOCH, Instant.EPOCH),
                series -> {
                    SortedMap<String, String> labels = Selector.labels(series);
                    if (series.kind() != Kind.TEXT && selector.accepts(labels)) {
                        taker.accept(labels);
                    }
                    return false;
                },
                run -> false);
    }

    private static Iterator<byte[]> metadata(Parameters parameters, SampleHistory history) {
        Map<String, NewestSample> byName = new TreeMap<>();
        for (NewestSample sample : history.newest()) {
            String name = WireLabels.metricName(sample.series());
            if (sample.series().kind() != Kind.TEXT
                    && parameters.optional("metric").orElse(name).equals(name)) {
                byName.putIfAbsent(name, sample);
            }
        }
        return new JsonPieces<>(JsonGenerator::writeStartObject, byName.entrySet(), (json, metric) -> {
            json.writeArrayFieldStart(metric.getKey());
            json.writeStartObject();
            json.writeStringField("type", kind(metric.getValue()));
            json.writeStringField("help", metric.getValue().help());
            json.writeStringField("unit", unit(metric.getValue()));
            json.writeEndObject();
            json.writeEndArray();
        });
    }

    private void buildInfo(JsonGenerator json) throws IOException {
        json.writeStartObject();
        json.writeStringField("version", LIKE);
        json.writeStringField("application", "tidewatch");
        json.writeStringField("revision", build);
    }

    private Iterator<byte[]> now(Parameters parameters, SampleHistory history) {
        // A quarter of the answer, and the same at each poll.
        boolean withHelp = !parameters.optional("help").equals(Optional.of("false"));
        return new JsonPieces<>(this::beginNow, history.newest(), (json, sample) -> newest(json, sample, withHelp));
    }

    private void beginNow(JsonGenerator json) throws IOException {
        json.writeStartObject();
        json.writeFieldName("time");
        JsonPieces.seconds(json, now.getAsLong());
        json.writeArrayFieldStart("samples");
    }

    private static void newest(JsonGenerator json, NewestSample sample, boolean withHelp) throws IOException {
        startWithLabels(json, Selector.labels(sample.series()));
        json.writeStringField("kind", kind(sample));
        json.writeStringField("unit", unit(sample));
        if (withHelp) {
            json.writeStringField("help", sample.help());
        }
        json.writeFieldName("interval");
        JsonPieces.seconds(json, sample.interval().toMillis());
        json.writeFieldName("time");
        JsonPieces.seconds(json, sample.time().toEpochMilli());
        if (sample.text().isPresent()) {
            json.writeStringField("text", sample.text().get());
        } else {
            json.writeFieldName("value");
            json.writeNumber(BigDecimal.valueOf(sample.value()).toPlainString());
        }
        json.writeEndObject();
    }

    private static String kind(NewestSample sample) {
        return sample.series().kind().name().toLowerCase(Locale.ROOT);
    }

    private static String unit(NewestSample sample) {
        return sample.series().unit().suffix();
    }

    private static JsonPieces.Part result(String type) {
        return json -> {
            json.writeStartObject();
            json.writeStringField("resultType", type);
            json.writeArrayFieldStart("result");
        };
    }

    private static long lookback(Parameters parameters) throws BadQueryException {
        return Times.duration(
                "lookback_delta", parameters.optional("lookback_delta").orElse("5m"));
    }

    private static void startWithLabels(JsonGenerator json, Map<String, String> labels) throws IOException {
        json.writeStartObject();
        json.writeFieldName("metric");
        JsonPieces.labels(json, labels);
    }

    private static void sample(JsonGenerator json, long time, double value) throws IOException {
        json.writeStartArray();
        JsonPieces.seconds(json, time);
        JsonPieces.value(json, value);
        json.writeEndArray();
    }
}
