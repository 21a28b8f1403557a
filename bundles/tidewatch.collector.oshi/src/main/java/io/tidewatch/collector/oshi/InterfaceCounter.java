package io.tidewatch.collector.oshi;

import io.tidewatch.api.collector.Metric;
import io.tidewatch.api.collector.Unit;
import java.util.List;
import java.util.function.ToLongFunction;
import oshi.hardware.NetworkIF;

/** @param reading its value since the interface came up; {@link #UNKNOWN} if OSHI does not tell */
record InterfaceCounter(Metric metric, ToLongFunction<NetworkIF> reading) {
    static final long UNKNOWN = -1;

    static final List<InterfaceCounter> ALL = List.of(
            counter("rx_bytes", Unit.BYTES, "Bytes received", NetworkIF::getBytesRecv),
            counter("rx_packets", Unit.NONE, "Packets received", NetworkIF::getPacketsRecv),
            counter("rx_errors", Unit.NONE, "Packets received with an error", NetworkIF::getInErrors),
            counter("rx_dropped", Unit.NONE, "Packets received and dropped", NetworkIF::getInDrops),
            counter("tx_bytes", Unit.BYTES, "Bytes sent", NetworkIF::getBytesSent),
            counter("tx_packets", Unit.NONE, "Packets sent", NetworkIF::getPacketsSent),
            counter("tx_errors", Unit.NONE, "Packets that could not be sent for an error", NetworkIF::getOutErrors),
            counter("tx_dropped", Unit.NONE, "Packets dropped before they were sent", network -> UNKNOWN));

    private static InterfaceCounter counter(String name, Unit unit, String help, ToLongFunction<NetworkIF> reading) {
        return new InterfaceCounter(Metric.counter("network." + name + "_total", unit, help, "interface"), reading);
    }
}
