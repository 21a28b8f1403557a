package io.tidewatch.collector.receiver;

import io.tidewatch.api.collector.Kind;
import io.tidewatch.api.collector.Metric;
import io.tidewatch.api.collector.Unit;
import java.util.List;

/**
 * What a statistics page says of a publisher, by the names that receivers give it. A value beyond its bounds is refused, never
 * clamped.
 *
 * <p>Sources: OpenIRL srt-live-server, API.md and SLSManager.cpp; irl-srt-server, {@code /stats}; units: bitrates in kbit/s,
 * {@code mbps…} in Mbit/s, {@code ms…}, {@code rtt}, {@code buffer} and {@code latency} in milliseconds, {@code uptime} in seconds.
 */
@SuppressWarnings("ImmutableEnumChecker") // A metric is a record of immutable parts.
enum ReceiverValue {
    BITRATE("bitrate_bps", Scale.KILOBITS, "Bits per second that arrive", "bitrate"),
    THROUGHPUT(
            "throughput_bps",
            Scale.KILOBITS,
            "Bits per second that arrive, what was sent repeatedly among them",
            "throughput"),
    BANDWIDTH("bandwidth_bps", Scale.MEGABITS, "Bits per second that SRT estimates the path to carry", "mbpsBandwidth"),
    RTT("rtt_ms", Scale.MILLISECONDS, "Round trip to the publisher", "rtt"),
    BUFFER("buffer_ms", Scale.MILLISECONDS, "Stream in the receive buffer: near 0, it runs dry", "buffer", "msRcvBuf"),
    LATENCY("latency_ms", Scale.MILLISECONDS, "Latency that both sides agreed on", "latency"),
    DROPPED(
            "dropped_packets_total",
            Unit.NONE,
            "Packets that came too late or never, so that the stream has a gap",
            "dropped_pkts",
            "pktRcvDrop"),
    DROPPED_BYTES("dropped_bytes_total", Unit.BYTES, "Bytes of those packets", "bytesRcvDrop"),
    LOST(
            "lost_packets_total",
            Unit.NONE,
            "Packets that were missing at first; most are sent again in time",
            "pktRcvLoss"),
    LOST_BYTES("lost_bytes_total", Unit.BYTES, "Bytes of those packets", "bytesRcvLoss"),
    RETRANSMITTED("retransmitted_packets_total", Unit.NONE, "Packets that came by being sent again", "pktRcvRetrans"),
    NAKS("sent_naks_total", Unit.NONE, "Reports of missing packets to the publisher", "pktSentNAKTotal"),
    UPTIME("uptime_seconds", new Scale(Unit.SECONDS, 1, 1e9), "Time since the publisher connected", "uptime"),
    REORDER_HOLD(
            "reorder_hold_ms",
            Scale.MILLISECONDS,
            "Time for which packets wait to be put in order",
            "msSrtlaReorderHold"),
    DISCONTINUITIES("discontinuities_total", Unit.NONE, "Gaps in the stream as it came", "ingestDiscontinuities"),
    OVERRUNS("ring_overruns_total", Unit.NONE, "Times that a viewer was too slow for the buffer", "ringOverruns"),
    VIEWER_DROPS(
            "viewer_dropped_packets_total",
            Unit.NONE,
            "Packets that were dropped on their way to viewers",
            "viewerPktSndDrop"),
    READER_BACKLOG(
            "reader_backlog_bytes",
            new Scale(Unit.BYTES, 1, 1e12),
            "Bytes by which the slowest viewer lags",
            "maxReaderBacklogBytes"),
    READER_BACKLOG_TIME(
            "reader_backlog_ms",
            new Scale(Unit.MILLISECONDS, 1, 1e9),
            "Time by which the slowest viewer lags",
            "maxReaderBacklogMs");

    /** The unit of a number, what makes it from that of the page, and its bound. */
    private record Scale(Unit unit, double factor, double most) {
        static final Scale KILOBITS = new Scale(Unit.NONE, 1e3, 1e12);
        static final Scale MEGABITS = new Scale(Unit.NONE, 1e6, 1e12);
        static final Scale MILLISECONDS = new Scale(Unit.MILLISECONDS, 1, 600_000);
    }

    static final String PUBLISHER = "publisher";

    /** A double holds every whole number up to this one. */
    private static final double MOST = 1L << 53;

    final Metric metric;
    private final Scale scale;
    final List<String> fields;

    ReceiverValue(String name, Unit unit, String help, String... fields) {
        this(Kind.COUNTER, name, new Scale(unit, 1, MOST), help, fields);
    }

    ReceiverValue(String name, Scale scale, String help, String... fields) {
        this(Kind.GAUGE, name, scale, help, fields);
    }

    ReceiverValue(Kind kind, String name, Scale scale, String help, String... fields) {
        metric = new Metric("receiver." + name, kind, scale.unit(), help, List.of(PUBLISHER));
        this.scale = scale;
        this.fields = List.of(fields);
    }

    /** Returns a value of the page in the unit of the metric. */
    double converted(double value) {
        return value * scale.factor();
    }

    boolean accepts(double converted) {
        return converted >= 0 && converted <= scale.most();
    }
}
