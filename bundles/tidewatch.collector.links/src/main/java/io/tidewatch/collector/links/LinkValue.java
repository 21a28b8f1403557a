package io.tidewatch.collector.links;

import io.tidewatch.api.collector.Kind;
import io.tidewatch.api.collector.Metric;
import io.tidewatch.api.collector.Unit;
import java.util.List;

/** What is known of a link, whichever source tells it. A value beyond its bounds is refused, never clamped. */
@SuppressWarnings("ImmutableEnumChecker") // A metric is a record of immutable parts.
enum LinkValue {
    UP(Kind.GAUGE, "up", Unit.NONE, 0, 1, "1 if the link carries data or is ready to, 0 if not"),
    RTT(Kind.GAUGE, "rtt_ms", Unit.MILLISECONDS, 0, 600_000, "Round trip to the receiver, smoothed by the sender"),
    RTT_MIN(Kind.GAUGE, "rtt_min_ms", Unit.MILLISECONDS, 0, 600_000, "Least round trip of late"),
    NAKS(Kind.COUNTER, "naks_total", Unit.NONE, 0, LinkValue.MOST, "Packets that the receiver reported as missing"),
    WINDOW(Kind.GAUGE, "window", Unit.NONE, 0, 1e9, "Congestion window, in the sender's own measure of packets"),
    IN_FLIGHT(Kind.GAUGE, "in_flight", Unit.NONE, 0, 1e9, "Packets sent and not yet acknowledged"),
    BITRATE(Kind.GAUGE, "bitrate_bps", Unit.NONE, 0, 1e12, "Bits per second that the sender sends over the link"),
    WEIGHT(Kind.GAUGE, "weight_percent", Unit.PERCENT, 0, 100, "Share that the sender gives the link"),
    QUALITY(
            Kind.GAUGE,
            "quality_multiplier",
            Unit.NONE,
            0,
            10,
            "Factor by which the sender rates the link, 1 is normal"),
    STALLED(Kind.GAUGE, "stalled", Unit.NONE, 0, 1, "1 if the sender keeps the link out since it delivers nothing"),
    STALLS(
            Kind.COUNTER,
            "stalls_total",
            Unit.NONE,
            0,
            LinkValue.MOST,
            "Times that the sender took the link out for that"),
    PAUSES(
            Kind.COUNTER,
            "pauses_total",
            Unit.NONE,
            0,
            LinkValue.MOST,
            "Times that the sender skipped the link for a moment without an answer"),
    SENT(Kind.COUNTER, "sent_bytes_total", Unit.BYTES, 0, LinkValue.MOST, "Bytes of the stream sent over the link"),
    INTERFACE_SENT(
            Kind.COUNTER,
            "interface_tx_bytes_total",
            Unit.BYTES,
            0,
            LinkValue.MOST,
            "Bytes that the interface of the link sent, for whatever program");

    static final String LINK = "link";
    static final String SOURCE = "source";

    /** A double holds every whole number up to this one. */
    private static final double MOST = 1L << 53;

    private final Metric metric;
    private final double least;
    private final double most;

    LinkValue(Kind kind, String name, Unit unit, double least, double most, String help) {
        metric = new Metric("link." + name, kind, unit, help, List.of(LINK, SOURCE));
        this.least = least;
        this.most = most;
    }

    Metric metric() {
        return metric;
    }

    boolean accepts(double value) {
        return value >= least && value <= most;
    }
}
