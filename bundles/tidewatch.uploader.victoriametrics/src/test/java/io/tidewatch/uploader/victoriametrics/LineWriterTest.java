package io.tidewatch.uploader.victoriametrics;

import static org.assertj.core.api.Assertions.assertThat;

import io.tidewatch.api.collector.Kind;
import io.tidewatch.api.collector.Unit;
import io.tidewatch.api.store.Priority;
import io.tidewatch.api.store.Series;
import io.tidewatch.api.store.SeriesSamples;
import io.tidewatch.api.store.Slice;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.junit.jupiter.api.Test;

class LineWriterTest {
    @Test
    void writesALinePerSlice() throws Exception {
        SeriesSamples cpu = new SeriesSamples(
                new Series(
                        "cpu.usage_percent",
                        Kind.GAUGE,
                        Unit.PERCENT,
                        "rig-7",
                        new TreeMap<>(Map.of("core", "all", "site", "studio \"A\"", "rack", "")),
                        Priority.NORMAL),
                new long[] {1000, 2000, 3000, 4000},
                new double[] {1.5, 2, 0.1 + 0.2, 1e-7});
        SeriesSamples sent = new SeriesSamples(
                new Series("net.tx", Kind.COUNTER, Unit.BYTES, "rig-7", new TreeMap<>(), Priority.NORMAL),
                new long[] {5},
                new double[] {9007199254740992.0});

        assertThat(written(cpu.all(), new Slice(cpu, 1, 2), sent.all()))
                .isEqualTo(
                        """
                {"metric":{"__name__":"cpu_usage_percent","device_id":"rig-7","core":"all","site":"studio \\"A\\""},\
                "values":[1.5,2,0.30000000000000004,1.0E-7],"timestamps":[1000,2000,3000,4000]}
                {"metric":{"__name__":"cpu_usage_percent","device_id":"rig-7","core":"all","site":"studio \\"A\\""},\
                "values":[2],"timestamps":[2000]}
                {"metric":{"__name__":"net_tx_total","device_id":"rig-7"},"values":[9007199254740992],"timestamps":[5]}
                """);
    }

    @Test
    void everyFiniteValueReadsBackAsItWas() throws Exception {
        double[] values = {
            0,
            -0.0,
            1,
            -1,
            0.1,
            1e-300,
            Double.MIN_VALUE,
            Double.MAX_VALUE,
            -Double.MAX_VALUE,
            1e21,
            123456789.123,
            Math.PI,
            9007199254740992.0,
            1L << 60,
            2e-3,
            9.999999999999999e22
        };
        long[] timestamps = new long[values.length];
        for (int i = 0; i < timestamps.length; i++) {
            timestamps[i] = i + 1L;
        }
        String line = written(new SeriesSamples(Samples.series("x", Map.of()), timestamps, values).all());

        String array = line.substring(line.indexOf("\"values\":[") + 10, line.indexOf("],\"timestamps\""));
        String[] texts = array.split(",", -1);
        assertThat(texts).hasSameSizeAs(values);
        for (int i = 0; i < texts.length; i++) {
            assertThat(Double.parseDouble(texts[i])).as(texts[i]).isEqualTo(values[i] == 0 ? 0.0 : values[i]);
        }
    }

    private static String written(Slice... lines) throws IOException {
        ByteArrayOutputStream out = new ByteArrayOutputStream();
        new LineWriter().write(List.of(lines), out);
        return out.toString(StandardCharsets.UTF_8);
    }
}
