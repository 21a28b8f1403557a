package io.tidewatch.collector.network;

import io.tidewatch.procfs.Fields;
import io.tidewatch.procfs.ProcFormatException;

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
    private static final String FIRST_HEADER = "Inter-|";
    private static final int UNREPORTED_RX_FIELDS = 4;
    private static final int UNREPORTED_TX_FIELDS = 4;

    private final long[] values = new long[Counter.ALL.size()];

    /**
     * Passes over the two header lines.
     *
     * @throws ProcFormatException if they are not there
     */
    static void skipHeader(Fields fields) throws ProcFormatException {
        if (!fields.nextLine() || !fields.startsWith(FIRST_HEADER)) {
            throw fields.error("the header '" + FIRST_HEADER + "'");
        }
        fields.nextLine();
    }

    /**
     * The interface of the line that the cursor is at; the cursor goes behind it.
     *
     * @throws ProcFormatException if the line does not begin with a name and a colon
     */
    static String name(Fields fields) throws ProcFormatException {
        return fields.textBeforeLast(':');
    }

    /**
     * Takes the numbers behind the name.
     *
     * @throws ProcFormatException if there are fewer than documented
     */
    void read(Fields fields) throws ProcFormatException {
        for (Counter counter : Counter.RECEIVED) {
            values[counter.slot()] = fields.number();
        }
        skip(fields, UNREPORTED_RX_FIELDS);
        for (Counter counter : Counter.SENT) {
            values[counter.slot()] = fields.number();
        }
        skip(fields, UNREPORTED_TX_FIELDS);
    }

    long get(Counter counter) {
        return values[counter.slot()];
    }

    private static void skip(Fields fields, int count) throws ProcFormatException {
        for (int i = 0; i < count; i++) {
            fields.number();
        }
    }
}
