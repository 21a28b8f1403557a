package io.tidewatch.collector.pressure;

import io.tidewatch.api.collector.Diagnostics;
import io.tidewatch.procfs.Fields;
import io.tidewatch.procfs.ProcFormatException;

/**
 * One file of {@code /proc/pressure}:
 *
 * <pre>
 * some avg10=0.00 avg60=0.00 avg300=0.00 total=1366863150
 * full avg10=0.00 avg60=0.00 avg300=0.00 total=0
 * </pre>
 *
 * <p>Source: kernel documentation, accounting/psi.rst: total time in microseconds in which at least some (or all
 * non-idle) tasks waited for the resource. A file may lack either line: cpu has no {@code full} before Linux 5.13, irq
 * no {@code some}.
 *
 * @param some microseconds in which some tasks waited, or {@link #ABSENT}
 * @param full microseconds in which all tasks waited, or {@link #ABSENT}
 */
record Stalls(long some, long full) {
    /** A line that the file does not have. */
    static final long ABSENT = -1;

    private static final String TOTAL = "total=";

    /** @param diagnostics gets the lines that are not as documented, or that there are none */
    static Stalls read(Fields fields, String resource, Diagnostics diagnostics) {
        long some = ABSENT;
        long full = ABSENT;
        boolean damaged = false;
        while (fields.nextLine()) {
            try {
                if (fields.skip("some")) {
                    some = total(fields);
                } else if (fields.skip("full")) {
                    full = total(fields);
                } else if (!fields.startsWithLetter()) {
                    throw fields.error("'some' or 'full'");
                }
            } catch (ProcFormatException e) {
                diagnostics.damaged(resource + " line " + fields.lineNumber(), e);
                damaged = true;
            }
        }
        if (!damaged && some == ABSENT && full == ABSENT) {
            diagnostics.damaged(resource, fields.missing("line 'some' or 'full'"));
        }
        return new Stalls(some, full);
    }

    private static long total(Fields fields) throws ProcFormatException {
        while (fields.hasNext()) {
            if (fields.skipPrefix(TOTAL)) {
                return fields.number("microseconds");
            }
            fields.skipField();
        }
        throw fields.error("'" + TOTAL + "'");
    }
}
