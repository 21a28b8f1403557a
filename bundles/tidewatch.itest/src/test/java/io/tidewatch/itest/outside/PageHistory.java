package io.tidewatch.itest.outside;

import io.tidewatch.api.collector.Kind;
import io.tidewatch.api.collector.Metric;
import io.tidewatch.api.collector.Sample;
import io.tidewatch.api.collector.Unit;
import io.tidewatch.api.store.Priority;
import io.tidewatch.api.store.SampleBatch;
import io.tidewatch.store.sqlite.db.Boot;
import io.tidewatch.store.sqlite.db.StoreSettings;
import io.tidewatch.store.sqlite.engine.SqliteStore;
import io.tidewatch.store.sqlite.engine.StoreOpening;
import io.tidewatch.store.sqlite.engine.StorePlace;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.TreeMap;
import java.util.UUID;
import java.util.stream.Stream;

/**
 * An hour of a device, in the database that an agent then continues: with a gap, a reset of its counters, a restart, a
 * clock step and a time without uploads.
 */
final class PageHistory {
    /** Between samples. */
    static final Duration INTERVAL = Duration.ofSeconds(10);

    private static final Duration LENGTH = Duration.ofHours(1);

    private static final StoreSettings SETTINGS =
            new StoreSettings(Duration.ZERO, Duration.ofDays(1), Duration.ofDays(1), 64L << 20);

    private static final Metric CPU = Metric.gauge("cpu.usage_percent", Unit.PERCENT, "Busy", "core");
    private static final Metric WAIT = Metric.gauge("cpu.iowait_percent", Unit.PERCENT, "Waiting", "core");
    private static final Metric MEMORY = Metric.gauge("memory.used_bytes", Unit.BYTES, "Used");
    private static final Metric TEMPERATURE = Metric.gauge("cpu.temperature", Unit.CELSIUS, "Hottest sensor");
    private static final Metric THROTTLING =
            Metric.gauge("thermal.cooling_state", Unit.NONE, "Cooling", "device", "type");
    private static final Metric SENT = Metric.counter("network.tx_bytes_total", Unit.BYTES, "Sent", "interface");
    private static final Metric RECEIVED =
            Metric.counter("network.rx_bytes_total", Unit.BYTES, "Received", "interface");
    private static final Metric PENDING = Metric.gauge("storage.metrics_pending_upload", Unit.NONE, "Pending");
    private static final Metric OLDEST = Metric.gauge("storage.oldest_pending_seconds", Unit.SECONDS, "Oldest");
    private static final Metric UPLOADED = Metric.counter("uploader.sent_bytes_total", Unit.BYTES, "Bytes of requests");
    private static final Metric STATE = Metric.gauge("uploader.state", Unit.NONE, "State", "reason");
    private static final Metric RESTARTS = Metric.counter("agent.restarts_total", Unit.NONE, "Starts");
    private static final Metric STEPS = Metric.counter("time.steps_total", Unit.NONE, "Steps");
    private static final Metric RTT =
            Metric.foreign("srtla_link_rtt_ms", Kind.GAUGE, "Round trip of the link", List.of("link"));

    private static final Metric LINK_BITRATE =
            Metric.gauge("link.bitrate_bps", Unit.NONE, "Bits per second of the link", "link", "source");
    private static final Metric LINK_RTT =
            Metric.gauge("link.rtt_ms", Unit.MILLISECONDS, "Round trip of the link", "link", "source");
    private static final Metric LINK_NAKS =
            Metric.counter("link.naks_total", Unit.NONE, "Lost packets", "link", "source");
    private static final Metric RSRP =
            Metric.gauge("modem.rsrp_dbm", Unit.NONE, "Signal", "modem", "interface", "technology");
    private static final Metric ENCODER = Metric.gauge("accelerator.load_percent", Unit.PERCENT, "Load", "device");
    private static final Metric FRAMES = Metric.gauge("hdmi.frames_per_second", Unit.NONE, "Frames", "input");

    /** The first sample, and the time after the last one. */
    final Instant begin;

    final Instant end;

    private PageHistory(Instant end) {
        this.end = end;
        begin = end.minus(LENGTH);
    }

    /** Writes it so that it ends a minute ago. */
    static PageHistory write(Path database, String device) throws Exception {
        PageHistory history = new PageHistory(
                Instant.ofEpochSecond(Instant.now().getEpochSecond()).minusSeconds(60));
        StorePlace place = new StorePlace(
                database,
                new Boot(database.resolveSibling("no_boot_id"), database.resolveSibling("no_uptime")),
                Instant.EPOCH,
                UUID.randomUUID(),
                new TreeMap<>());
        try (SqliteStore store = StoreOpening.open(place, SETTINGS, Clock.systemUTC())) {
            for (long second = 0; second < LENGTH.toSeconds(); second += INTERVAL.toSeconds()) {
                if (!isGap(second)) {
                    store.append(new SampleBatch(
                            history.begin.plusSeconds(second),
                            device,
                            new TreeMap<>(),
                            Priority.NORMAL,
                            INTERVAL,
                            Stream.concat(samples(second).stream(), ofStream(second).stream())
                                    .toList(),
                            true));
                }
            }
        }
        return history;
    }

    /** The agent did not run. */
    private static boolean isGap(long second) {
        return second >= 1800 && second < 2100;
    }

    /** The server was not reached. */
    private static boolean isOffline(long second) {
        return second >= 900 && second < 1500;
    }

    private static List<Sample> samples(long second) {
        double wave = Math.sin(second / 240.0);
        double ripple = 0.6 * Math.sin(second / 41.0) + second * 7919 % 97 / 97.0 - 0.5;
        double slow = Math.sin(second / 400.0);
        // The agent's restart is one of the machine: its counters begin again.
        double counted = second < 1800 ? second : second - 2000;
        // The second modem connects anew, without a gap.
        double connected = second < 2400 ? counted : second - 2400;
        double waiting = isOffline(second) ? (second - 900) * 4.0 : 12 + 3 * ripple;
        List<Sample> samples = new ArrayList<>(List.of(
                CPU.sample(45 + 20 * wave + 8 * ripple, "all"),
                WAIT.sample(3 + 2 * ripple, "all"),
                MEMORY.sample(1.9e9 + 1.5e8 * wave),
                TEMPERATURE.sample(68 + 9 * wave),
                THROTTLING.sample(wave > 0.8 ? 2 : 0, "cooling_device0", "cpufreq-cpu0"),
                SENT.sample(counted * 310_000 + 2e7 * (1 + wave) + 1e5 * (1 + ripple), "wwan0"),
                RECEIVED.sample(counted * 14_000 + 9e5 * (1 + wave), "wwan0"),
                SENT.sample(connected * 190_000 + 9e6 * (1 + slow), "wwan1"),
                RECEIVED.sample(connected * 9_000 + 6e5 * (1 + slow), "wwan1")));
        samples.addAll(List.of(
                PENDING.sample(Math.rint(waiting)),
                OLDEST.sample(isOffline(second) ? second - 900.0 : 2),
                UPLOADED.sample((isOffline(second) ? 900 : second < 1800 ? second : second - 2000) * 700.0),
                STATE.sample(isOffline(second) ? 0 : 1, "ok"),
                STATE.sample(isOffline(second) ? 1 : 0, "timeout"),
                RESTARTS.sample(second < 1800 ? 0 : 1),
                STEPS.sample(second < 2700 ? 0 : 1),
                RTT.sample(52 + 14 * ripple, "wwan0"),
                RTT.sample(81 + 12 * slow + 9 * ripple, "wwan1")));
        return samples;
    }

    /** A tunnel takes the signal of the first modem away; the second one carries more for a while. */
    private static List<Sample> ofStream(long second) {
        double ripple = Math.sin(second / 37.0) + second * 7919 % 97 / 97.0 - 0.5;
        double tunnel = second >= 1200 && second < 1500 ? 1 : 0;
        double naks = second / 20.0 + 4 * Math.max(0, Math.min(second, 1500) - 1200);
        return List.of(
                LINK_BITRATE.sample(3.4e6 - 2.6e6 * tunnel + 2e5 * ripple, "wwan0", "stats_file"),
                LINK_BITRATE.sample(2.1e6 + 2.2e6 * tunnel + 1e5 * ripple, "wwan1", "stats_file"),
                LINK_RTT.sample(52 + 210 * tunnel + 8 * ripple, "wwan0", "stats_file"),
                LINK_RTT.sample(81 + 6 * ripple, "wwan1", "stats_file"),
                LINK_NAKS.sample(naks, "wwan0", "stats_file"),
                LINK_NAKS.sample(second / 15.0, "wwan1", "stats_file"),
                RSRP.sample(-94 - 22 * tunnel + 2 * ripple, "1a2b3c4d", "wwan0", "5g"),
                RSRP.sample(-101 + ripple, "5e6f7081", "wwan1", "lte"),
                ENCODER.sample(58 + 6 * ripple, "rkvenc0"),
                ENCODER.sample(21 + 4 * ripple, "rkvenc1"),
                FRAMES.sample(60, "stream_hdmirx"));
    }
}
