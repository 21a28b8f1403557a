package io.tidewatch.jsonlines;

import static org.assertj.core.api.Assertions.assertThat;

import io.tidewatch.api.collector.Kind;
import io.tidewatch.api.collector.Unit;
import io.tidewatch.api.store.Priority;
import io.tidewatch.api.store.Series;
import io.tidewatch.api.store.Slice;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.Map;
import java.util.TreeMap;
import org.junit.jupiter.api.Test;

final class LineWriterTest {
    @Test
    void writesOneLinePerSeriesWithLabelsOnce() throws IOException {
        Series usage = new Series(
                "cpu.usage_percent",
                Kind.GAUGE,
                Unit.PERCENT,
                "rig-2",
                new TreeMap<>(Map.of("core", "all", "site", "studio \"A\"\n")),
                Priority.HIGH);
        Series received = new Series(
                "network.rx_bytes_total", Kind.COUNTER, Unit.BYTES, "rig-2", new TreeMap<>(), Priority.NORMAL);

        assertThat(lines(
                        Samples.samples(usage, 12.5, 13, -0.25).all(),
                        new Slice(Samples.samples(received, 1, 2, 3, 4), 1, 3)))
                .isEqualTo("{\"metric\":{\"__name__\":\"cpu_usage_percent\",\"device_id\":\"rig-2\",\"core\":\"all\","
                        + "\"site\":\"studio \\\"A\\\"\\n\"},\"values\":[12.5,13,-0.25],\"timestamps\":[1000,2000,3000]}\n"
                        + "{\"metric\":{\"__name__\":\"network_rx_bytes_total\",\"device_id\":\"rig-2\"},"
                        + "\"values\":[2,3],\"timestamps\":[2000,3000]}\n");
    }

    @Test
    void leavesLabelsWithoutValueOut() throws IOException {
        Series series = Samples.series("a", Map.of("empty", "", "full", "x"));

        assertThat(lines(Samples.samples(series, 1).all()))
                .contains("{\"__name__\":\"a\",\"device_id\":\"rig-1\",\"full\":\"x\"}");
    }

    @Test
    void writesNumbersShortAndExact() throws IOException {
        double[] values = {
            0, -0.0, 1, -1, 0.1 + 0.2, 1e15, 9007199254740992.0, 1e18, 1e-300, Double.MIN_VALUE, Double.MAX_VALUE, 0.001
        };

        assertThat(lines(Samples.samples(Samples.series("a", Map.of()), values).all()))
                .contains("\"values\":[0,0,1,-1,0.30000000000000004,1000000000000000,9007199254740992,1.0E18,1.0E-300,"
                        + "4.9E-324,1.7976931348623157E308,0.001]");
    }

    @Test
    void leavesTheStreamOpen() throws IOException {
        boolean[] closed = new boolean[1];
        ByteArrayOutputStream bytes = new ByteArrayOutputStream() {
            @Override
            public void close() {
                closed[0] = true;
            }
        };

        try (LineWriter writer = new LineWriter(bytes)) {
            writer.write(Samples.samples(Samples.series("a", Map.of()), 1).all());
        }

        assertThat(bytes.size()).isPositive();
        assertThat(closed[0]).isFalse();
    }

    private static String lines(Slice... slices) throws IOException {
        ByteArrayOutputStream bytes = new ByteArrayOutputStream();
        try (LineWriter writer = new LineWriter(bytes)) {
            for (Slice slice : slices) {
                writer.write(slice);
            }
        }
        return bytes.toString(StandardCharsets.UTF_8);
    }
}
