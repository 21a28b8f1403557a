package io.tidewatch.collector.modem;

import io.tidewatch.api.collector.Metric;
import io.tidewatch.api.collector.Unit;
import java.util.ArrayList;
import java.util.List;

final class ModemMetrics {
    private static final List<Metric> LISTED = new ArrayList<>();

    static final Metric UP =
            listed(Metric.gauge("modem.up", Unit.NONE, "1 if ModemManager answered, with or without modems, else 0"));
    static final Metric STATE = text("modem.state", "State, as `connected`, `searching`, `locked`, `failed`");
    static final Metric CONNECTED = gauge("modem.connected", Unit.NONE, "1 in state `connected`, 0 in any other");
    static final Metric FAILED_REASON =
            text("modem.failed_reason", "Why the state is `failed`, as `sim-missing`; only then");
    static final Metric REGISTRATION =
            text("modem.registration", "Registration with the network, as `home`, `roaming`, `denied`, `searching`");
    static final Metric ACCESS_TECHNOLOGY =
            text("modem.access_technology", "Technologies in use, as `lte` or `lte, 5gnr`");
    static final Metric OPERATOR = text("modem.operator", "Name of the operator");
    static final Metric BANDS = text("modem.bands", "Bands that the modem may use, as `eutran-3, ngran-78`");
    static final Metric QUALITY =
            gauge("modem.signal_quality_percent", Unit.PERCENT, "Signal quality, an estimate of the modem");
    static final Metric RSRP = signal("modem.rsrp_dbm", "Power of the reference signal, in dBm");
    static final Metric RSRQ = signal("modem.rsrq_db", "Quality of the reference signal, in dB");
    static final Metric SNR = signal("modem.snr_db", "Signal-to-noise ratio, in dB");
    static final Metric RSSI = signal("modem.rssi_dbm", "Received power, with noise and other cells, in dBm");
    static final Metric RX_BYTES =
            counter("modem.connection_rx_bytes_total", Unit.BYTES, "Bytes received in the present connection");
    static final Metric TX_BYTES =
            counter("modem.connection_tx_bytes_total", Unit.BYTES, "Bytes sent in the present connection");
    static final Metric DURATION =
            gauge("modem.connection_duration_seconds", Unit.SECONDS, "Age of the present connection");
    static final Metric ATTEMPTS =
            counter("modem.connection_attempts_total", Unit.NONE, "Attempts to connect, by the present bearer");
    static final Metric FAILED_ATTEMPTS = counter(
            "modem.connection_failed_attempts_total", Unit.NONE, "Failed attempts to connect, by the present bearer");
    static final Metric RECONNECTS = counter(
            "modem.reconnects_total",
            Unit.NONE,
            "Connections after the first one, as the agent saw them since its start");

    /** All of them, in the order of the README. */
    static final List<Metric> ALL = List.copyOf(LISTED);

    private ModemMetrics() {}

    private static Metric text(String name, String help) {
        return listed(Metric.text(name, help, "modem", "interface"));
    }

    private static Metric gauge(String name, Unit unit, String help) {
        return listed(Metric.gauge(name, unit, help, "modem", "interface"));
    }

    private static Metric counter(String name, Unit unit, String help) {
        return listed(Metric.counter(name, unit, help, "modem", "interface"));
    }

    private static Metric signal(String name, String help) {
        return listed(Metric.gauge(name, Unit.NONE, help, "modem", "interface", "technology"));
    }

    private static Metric listed(Metric metric) {
        LISTED.add(metric);
        return metric;
    }
}
