package io.tidewatch.uploader.victoriametrics;

import io.tidewatch.api.collector.Metric;
import io.tidewatch.api.collector.Sample;
import io.tidewatch.api.collector.Unit;
import io.tidewatch.api.store.Priority;
import io.tidewatch.api.store.SampleBatch;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.TreeMap;

/** 60 series of a small host, named and moving as the real ones do. */
public final class HostLoad {
    private final Random random;
    private final Map<String, Double> counters = new HashMap<>();

    public HostLoad(Random random) {
        this.random = random;
    }

    public SampleBatch pass(Instant time) {
        List<Sample> samples = new ArrayList<>();
        Metric usage = Metric.gauge("cpu.usage_percent", Unit.PERCENT, "Busy", "core");
        for (String core : List.of("all", "0", "1", "2", "3")) {
            samples.add(usage.sample(Math.round(random.nextDouble() * 1000) / 10.0, core));
        }
        for (String name : List.of("used", "available", "total", "swap_used", "swap_total")) {
            samples.add(Metric.gauge("memory." + name + "_bytes", Unit.BYTES, "Memory")
                    .sample(name.endsWith("total") ? 4_105_314_304.0 : 1e9 + 4096 * random.nextInt(10_000)));
        }
        for (String name : List.of(
                "rx_bytes",
                "tx_bytes",
                "rx_packets",
                "tx_packets",
                "rx_errors",
                "tx_errors",
                "rx_dropped",
                "tx_dropped")) {
            for (String link : List.of("eth0", "wlan0", "tun0")) {
                samples.add(counter(
                        "network." + name,
                        "interface",
                        link,
                        name.endsWith("bytes") ? 100_000 : name.endsWith("packets") ? 300 : 1));
            }
        }
        for (String name : List.of(
                "read_ops",
                "write_ops",
                "read_bytes",
                "write_bytes",
                "read_time_ms",
                "write_time_ms",
                "io_time_weighted_ms")) {
            for (String disk : List.of("mmcblk0", "sda")) {
                samples.add(counter("disk." + name, "device", disk, name.endsWith("bytes") ? 1_000_000 : 200));
            }
        }
        Metric zone = Metric.gauge("thermal.zone_temp", Unit.CELSIUS, "Temperature", "zone", "zone_number");
        for (int n = 0; n < 7; n++) {
            samples.add(zone.sample(40 + random.nextInt(20_000) / 1000.0, "soc-thermal", String.valueOf(n)));
        }
        for (String name : List.of("1m", "5m", "15m", "runnable", "threads")) {
            samples.add(Metric.gauge("load." + name, Unit.NONE, "Load").sample(random.nextInt(300) / 100.0));
        }
        return new SampleBatch(time, "rig-1", new TreeMap<>(Map.of("site", "studio")), Priority.NORMAL, samples);
    }

    private Sample counter(String name, String tag, String value, int step) {
        double now = counters.merge(name + value, (double) random.nextInt(step), Double::sum);
        return Metric.counter(name + "_total", Unit.NONE, "Counts", tag).sample(now, value);
    }
}
