package io.tidewatch.collector.network;

import io.tidewatch.api.collector.Metric;
import io.tidewatch.api.collector.Unit;
import java.util.List;

@SuppressWarnings("ImmutableEnumChecker") // A metric is a record of immutable parts.
enum Counter {
    RX_BYTES("rx_bytes", Unit.BYTES, "Bytes received"),
    RX_PACKETS("rx_packets", Unit.NONE, "Packets received"),
    RX_ERRORS("rx_errors", Unit.NONE, "Packets received with an error"),
    RX_DROPPED("rx_dropped", Unit.NONE, "Packets received and dropped"),
    TX_BYTES("tx_bytes", Unit.BYTES, "Bytes sent"),
    TX_PACKETS("tx_packets", Unit.NONE, "Packets sent"),
    TX_ERRORS("tx_errors", Unit.NONE, "Packets that could not be sent for an error"),
    TX_DROPPED("tx_dropped", Unit.NONE, "Packets dropped before they were sent");

    /** In the order of their fields in /proc/net/dev. */
    static final List<Counter> RECEIVED = List.of(RX_BYTES, RX_PACKETS, RX_ERRORS, RX_DROPPED);

    /** In the order of their fields in /proc/net/dev. */
    static final List<Counter> SENT = List.of(TX_BYTES, TX_PACKETS, TX_ERRORS, TX_DROPPED);

    static final List<Counter> ALL = List.of(values());

    final Metric metric;

    Counter(String name, Unit unit, String help) {
        this.metric = Metric.counter("network." + name + "_total", unit, help, "interface");
    }
}
