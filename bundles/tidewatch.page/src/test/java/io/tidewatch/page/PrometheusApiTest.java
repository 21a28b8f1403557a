package io.tidewatch.page;

import static org.assertj.core.api.Assertions.assertThat;

import io.tidewatch.api.collector.Kind;
import io.tidewatch.api.collector.Unit;
import io.tidewatch.api.store.HistoryQuery;
import io.tidewatch.api.store.NewestSample;
import io.tidewatch.api.store.Priority;
import io.tidewatch.api.store.SampleHistory;
import io.tidewatch.api.store.Series;
import java.nio.charset.StandardCharsets;
import java.util.Iterator;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.function.Predicate;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class PrometheusApiTest {
    /** A list of all series is half of the heap of a device with ten thousand of them. */
    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "series|match[]=tank_level|[{\"__name__\":\"tank_level\",\"device_id\":\"rig-1\",\"tank\":\"a \\\"b\\\"\"},"
                        + "{\"__name__\":\"tank_level\",\"device_id\":\"rig-1\",\"tank\":\"c\"}]",
                "series|match[]=tank_levels|[]",
                "labels||[\"__name__\",\"device_id\",\"pump\",\"tank\"]",
                "label/tank/values||[\"a \\\"b\\\"\",\"c\"]",
                "label/note/values||[]"
            })
    void seriesAreReadOneAfterTheOther(String path, String query, String data) throws Exception {
        SampleHistory history = new OneByOne(List.of(
                series("tank.level", Kind.GAUGE, Priority.NORMAL, "tank", "a \"b\""),
                series("tank.level", Kind.GAUGE, Priority.HIGH, "tank", "a \"b\""),
                series("tank.level", Kind.GAUGE, Priority.NORMAL, "tank", "c"),
                series("pump.turns_total", Kind.COUNTER, Priority.NORMAL, "pump", "1"),
                series("tank.note", Kind.TEXT, Priority.NORMAL, "note", "x")));
        PrometheusApi api = new PrometheusApi(() -> 0, "1.2.3");

        Iterator<byte[]> pieces = api.answer(path, new Parameters(List.of(query == null ? "" : query)), history);

        StringBuilder body = new StringBuilder();
        while (pieces.hasNext()) {
            body.append(new String(pieces.next(), StandardCharsets.UTF_8));
        }
        assertThat(body).hasToString("{\"status\":\"success\",\"data\":" + data + "}\n");
    }

    private static Series series(String name, Kind kind, Priority priority, String tag, String value) {
        return new Series(name, kind, Unit.NONE, "rig-1", new TreeMap<>(Map.of(tag, value)), priority);
    }

    private record OneByOne(List<Series> known) implements SampleHistory {
        @Override
        public void read(HistoryQuery query, Predicate<Series> wanted, Visitor visitor) {
            known.forEach(series -> assertThat(wanted.test(series)).isFalse());
        }

        @Override
        public List<Series> series() {
            throw new AssertionError("all series at once");
        }

        @Override
        public List<NewestSample> newest() {
            return List.of();
        }
    }
}
