package io.tidewatch.collector.network;

import io.tidewatch.api.collector.Diagnostics;
import io.tidewatch.api.collector.Metric;
import io.tidewatch.api.collector.Unit;
import io.tidewatch.procfs.Fields;
import io.tidewatch.procfs.ProcFormatException;
import java.util.EnumMap;
import java.util.EnumSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.regex.Pattern;

/**
 * The counters of one interface, as the numbers of its line in {@code /proc/net/dev}:
 *
 * <pre>
 * Inter-|   Receive                                                |  Transmit
 *  face |bytes    packets errs drop fifo frame compressed multicast|bytes    packets errs drop fifo colls carrier compressed
 *   eth0: 1296540    2103    0    0    0     0          0         0   303621    1845    0    0    0     0       0          0
 * </pre>
 *
 * <p>Source: proc_pid_net(5).
 */
final class InterfaceCounters {

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

    /** A counter whose number cannot be right. */
    static final long ABSENT = -1;

    /** IFNAMSIZ and dev_valid_name of the kernel, and that labels are UTF-8 without control characters. */
    private static final Pattern NAME = Pattern.compile("[^\\p{Cntrl}\\s/\uFFFD]{1,15}");

    private static final String FIRST_HEADER = "Inter-|";
    private static final int UNREPORTED_RX_FIELDS = 4;
    private static final int UNREPORTED_TX_FIELDS = 4;

    private final Map<Counter, Long> values = new EnumMap<>(Counter.class);
    final Set<Counter> steppedBack = EnumSet.noneOf(Counter.class);

    static void skipHeader(Fields fields, Diagnostics diagnostics) {
        if (!fields.nextLine() || !fields.startsWith(FIRST_HEADER)) {
            diagnostics.damaged("header", fields.error("the header '" + FIRST_HEADER + "'"));
        }
        fields.nextLine();
    }

    /** The interface of the line that the cursor is at, a name and a colon; the cursor goes behind it. */
    static String name(Fields fields) throws ProcFormatException {
        String name = fields.textBeforeLast(':');
        if (!NAME.matcher(name).matches()) {
            throw fields.rejected("the name of an interface");
        }
        return name;
    }

    /** @throws ProcFormatException if there are fewer numbers after the name than documented */
    void read(Fields fields, String name, Diagnostics diagnostics) throws ProcFormatException {
        for (Counter counter : Counter.RECEIVED) {
            take(fields, counter, name, diagnostics);
        }
        skip(fields, UNREPORTED_RX_FIELDS);
        for (Counter counter : Counter.SENT) {
            take(fields, counter, name, diagnostics);
        }
        skip(fields, UNREPORTED_TX_FIELDS);
    }

    private void take(Fields fields, Counter counter, String name, Diagnostics diagnostics) throws ProcFormatException {
        long number = fields.number();
        if (number == Fields.OVERFLOW) {
            String metric = counter.metric.name();
            diagnostics.damaged(name + ", " + metric, fields.rejected(metric + " of " + name + " below 2^63"));
            number = ABSENT;
        }
        values.put(counter, number);
    }

    long get(Counter counter) {
        return values.getOrDefault(counter, 0L);
    }

    private static void skip(Fields fields, int count) throws ProcFormatException {
        for (int i = 0; i < count; i++) {
            fields.number();
        }
    }
}
