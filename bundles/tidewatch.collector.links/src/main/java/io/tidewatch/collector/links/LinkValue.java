package io.tidewatch.collector.links;

import io.tidewatch.api.collector.Kind;
import io.tidewatch.api.collector.Metric;
import io.tidewatch.api.collector.Unit;
import java.util.List;

/** What is known of a link, whichever source tells it. A value beyond its bounds is refused, never clamped. */
@SuppressWarnings("ImmutableEnumChecker") // A metric is a record of immutable parts.
enum LinkValue {
    UP("up", Unit.NONE, 1, "1 if the link carries data or is ready to, 0 if not"),
    RTT("rtt_ms", Unit.MILLISECONDS, 600_000, "Round trip to the receiver, smoothed by the sender"),
    RTT_MIN("rtt_min_ms", Unit.MILLISECONDS, 600_000, "Least round trip of late"),
    NAKS("naks_total", Unit.NONE, "Packets that the receiver reported as missing"),
    WINDOW("window", Unit.NONE, 1e9, "Congestion window, in the sender's own measure of packets"),
    IN_FLIGHT("in_flight", Unit.NONE, 1e9, "Packets sent and not yet acknowledged"),
    BITRATE("bitrate_bps", Unit.NONE, 1e12, "Bits per second that the sender sends over the link"),
    WEIGHT("weight_percent", Unit.PERCENT, 100, "Share that the sender gives the link"),
    QUALITY("quality_multiplier", Unit.NONE, 10, "Factor by which the sender rates the link, 1 is normal"),
    STALLED("stalled", Unit.NONE, 1, "1 if the sender keeps the link out since it delivers nothing"),
    STALLS("stalls_total", Unit.NONE, "Times that the sender took the link out for that"),
    PAUSES("pauses_total", Unit.NONE, "Times that the sender skipped the link for a moment without an answer"),
    SENT("sent_bytes_total", Unit.BYTES, "Bytes of the stream sent over the link"),
    INTERFACE_SENT(
            "interface_tx_bytes_total", Unit.BYTES, "Bytes that the interface of the link sent, for whatever program");

    static final String LINK = "link";
    static final String SOURCE = "source";

    /** A double holds every whole number up to this one. */
    private static final double MOST = 1L << 53;

    final Metric metric;
    private final double most;

    LinkValue(String name, Unit unit, String help) {
        this(Kind.COUNTER, name, unit, MOST, help);
    }

    LinkValue(String name, Unit unit, double most, String help) {
        this(Kind.GAUGE, name, unit, most, help);
    }

    LinkValue(Kind kind, String name, Unit unit, double most, String help) {
        metric = new Metric("link." + name, kind, unit, help, List.of(LINK, SOURCE));
        this.most = most;
    }

    boolean accepts(double value) {
        return value >= 0 && value <= most;
    }
}
