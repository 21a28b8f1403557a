package io.tidewatch.collector.tcp;

import io.tidewatch.api.collector.Diagnostics;
import io.tidewatch.procfs.Fields;
import io.tidewatch.procfs.ProcFormatException;
import java.util.ArrayList;
import java.util.List;

/**
 * The two {@code Tcp:} lines of {@code /proc/net/snmp}, names and then numbers, of IPv4 and IPv6 together:
 *
 * <pre>
 * Tcp: RtoAlgorithm RtoMin RtoMax MaxConn ActiveOpens PassiveOpens … CurrEstab InSegs OutSegs RetransSegs InErrs …
 * Tcp: 1 200 120000 -1 142996 68028 … 12 6670002 6593605 70780 273 …
 * </pre>
 *
 * <p>Source: Linux, net/ipv4/proc.c; the names are those of RFC 4022. Later kernels append columns.
 */
final class TcpStatistics {
    /** A number that cannot be right, or is not there. */
    static final long ABSENT = -1;

    static final List<String> COLUMNS = List.of("CurrEstab", "OutSegs", "RetransSegs");

    private static final String TCP = "Tcp:";

    private TcpStatistics() {}

    /** The numbers of {@link #COLUMNS}, in that order; {@link #ABSENT} for those that cannot be read. */
    static long[] read(Fields fields, Diagnostics diagnostics) throws ProcFormatException {
        goToLine(fields, "names");
        List<String> names = new ArrayList<>();
        while (fields.hasNext()) {
            names.add(fields.word());
        }
        goToLine(fields, "numbers");
        long[] numbers = {ABSENT, ABSENT, ABSENT};
        for (String name : names) {
            int column = COLUMNS.indexOf(name);
            if (column < 0) {
                fields.skipField();
            } else {
                numbers[column] = number(fields, name, diagnostics);
            }
        }
        for (String column : COLUMNS) {
            if (!names.contains(column)) {
                diagnostics.damaged(column, fields.missing("column '" + column + "' of Tcp"));
            }
        }
        return numbers;
    }

    private static void goToLine(Fields fields, String contents) throws ProcFormatException {
        while (fields.nextLine()) {
            if (fields.skip(TCP)) {
                return;
            }
        }
        throw fields.missing("line '" + TCP + "' of " + contents);
    }

    private static long number(Fields fields, String name, Diagnostics diagnostics) {
        try {
            long number = fields.number();
            if (number < Fields.OVERFLOW) {
                return number;
            }
            diagnostics.damaged(name, fields.rejected(name + " below 2^63"));
        } catch (ProcFormatException e) {
            diagnostics.damaged(name, e);
            fields.skipField();
        }
        return ABSENT;
    }
}
