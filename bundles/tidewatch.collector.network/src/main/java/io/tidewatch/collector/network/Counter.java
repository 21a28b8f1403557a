package io.tidewatch.collector.network;

import io.tidewatch.api.collector.Metric;
import io.tidewatch.api.collector.Unit;
import java.util.List;
import java.util.stream.Stream;

@SuppressWarnings("ImmutableEnumChecker") // A metric is a record of immutable parts.
enum Counter {
    RX_BYTES(0, "rx_bytes", Unit.BYTES, "Bytes received"),
    RX_PACKETS(1, "rx_packets", Unit.NONE, "Packets received"),
    RX_ERRORS(2, "rx_errors", Unit.NONE, "Packets received with an error"),
    RX_DROPPED(3, "rx_dropped", Unit.NONE, "Packets received and dropped"),
    TX_BYTES(4, "tx_bytes", Unit.BYTES, "Bytes sent"),
    TX_PACKETS(5, "tx_packets", Unit.NONE, "Packets sent"),
    TX_ERRORS(6, "tx_errors", Unit.NONE, "Packets that could not be sent for an error"),
    TX_DROPPED(7, "tx_dropped", Unit.NONE, "Packets dropped before they were sent");

    /** In the order of their fields in /proc/net/dev. */
    static final List<Counter> RECEIVED = List.of(RX_BYTES, RX_PACKETS, RX_ERRORS, RX_DROPPED);

    /** In the order of their fields in /proc/net/dev. */
    static final List<Counter> SENT = List.of(TX_BYTES, TX_PACKETS, TX_ERRORS, TX_DROPPED);

    /** All, in the order in which they are reported. */
    static final List<Counter> ALL =
            Stream.concat(RECEIVED.stream(), SENT.stream()).toList();

    private final int slot;
    private final Metric metric;

    Counter(int slot, String name, Unit unit, String help) {
        this.slot = slot;
        this.metric = Metric.counter("network." + name + "_total", unit, help, "interface");
    }

    int slot() {
        return slot;
    }

    Metric metric() {
        return metric;
    }
}
