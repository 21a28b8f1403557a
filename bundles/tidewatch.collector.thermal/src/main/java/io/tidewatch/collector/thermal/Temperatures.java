package io.tidewatch.collector.thermal;

import io.tidewatch.procfs.Fields;
import io.tidewatch.procfs.ProcFormatException;
import java.util.HashSet;
import java.util.Set;

/**
 * Readings of sensors in degrees Celsius. The kernel documents thousandths of a degree; some drivers give whole
 * degrees. A reading that would be within a sixth of a degree of zero is taken for whole degrees, unless its sensor
 * has shown that it counts in thousandths. Not safe for use by several threads.
 */
final class Temperatures {
    private static final long COLDEST = -40;
    private static final long HOTTEST = 150;

    /** No whole degrees: a sensor that reads it counts in thousandths. */
    private static final long SURELY_THOUSANDTHS = 1000;

    private final Set<Object> inThousandths = new HashSet<>();

    /** Throws for a temperature that no machine survives: below -40 or above 150 °C. */
    double read(Object sensor, Fields fields) throws ProcFormatException {
        long raw = fields.signedNumber();
        if (raw > SURELY_THOUSANDTHS || raw < -SURELY_THOUSANDTHS) {
            inThousandths.add(sensor);
        }
        boolean whole = raw >= COLDEST && raw <= HOTTEST && !inThousandths.contains(sensor);
        double celsius = whole ? raw : raw / 1000.0;
        if (celsius < COLDEST || celsius > HOTTEST) {
            throw fields.rejected("a temperature from " + COLDEST + " to " + HOTTEST + " °C");
        }
        return celsius;
    }
}
