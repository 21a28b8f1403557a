package io.tidewatch.collector.accelerator;

import io.tidewatch.procfs.Fields;
import io.tidewatch.procfs.ProcFormatException;
import java.util.regex.Pattern;

/** Percentages as drivers write them: {@code 98.26%}. One above 100 is refused: it is no load, whatever it is. */
final class Percent {
    private static final Pattern WRITTEN = Pattern.compile("[0-9]{1,9}(\\.[0-9]{1,9})?%,?");
    private static final String EXPECTED = "a percentage from 0 to 100";

    private Percent() {}

    /** @throws ProcFormatException if the next field is no percentage from 0 to 100 */
    static double read(Fields fields) throws ProcFormatException {
        String field = fields.word();
        if (!WRITTEN.matcher(field).matches()) {
            throw fields.rejected(EXPECTED);
        }
        return checked(Double.parseDouble(field.substring(0, field.indexOf('%'))), fields);
    }

    /** The percentage that was read last. */
    static double checked(double percent, Fields fields) throws ProcFormatException {
        if (percent > 100) {
            throw fields.rejected(EXPECTED);
        }
        return percent;
    }
}
