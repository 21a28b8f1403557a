package io.tidewatch.collector.cgroup;

import io.tidewatch.api.collector.Diagnostics;
import io.tidewatch.procfs.Fields;
import io.tidewatch.procfs.ProcFormatException;
import java.util.Arrays;
import java.util.List;

/** The shapes of the files of a cgroup. */
final class CgroupFile {
    /** Version 1 without a limit has the highest number of whole pages, 2^63 less one; no memory is as large as 2^60. */
    private static final long UNLIMITED_BYTES = 1L << 60;

    private CgroupFile() {}

    /** The next field, {@code max} or a number: bytes, or positive infinity without a limit. */
    static double memoryLimit(Fields fields) throws ProcFormatException {
        if (fields.skip("max")) {
            return Double.POSITIVE_INFINITY;
        }
        long bytes = number(fields);
        return bytes >= UNLIMITED_BYTES ? Double.POSITIVE_INFINITY : bytes;
    }

    /** The next field, {@code max}, -1 or a number above 0: microseconds per period, or positive infinity. */
    static double cpuQuota(Fields fields) throws ProcFormatException {
        return fields.skip("max") || fields.skip("-1") ? Double.POSITIVE_INFINITY : positive(fields);
    }

    static double positive(Fields fields) throws ProcFormatException {
        long number = number(fields);
        if (number == 0) {
            throw fields.rejected("a number above 0");
        }
        return number;
    }

    static long number(Fields fields) throws ProcFormatException {
        return fields.number("a number");
    }

    /**
     * The numbers of a file with a name and a number per row; NaN for those that it does not have, or that are
     * damaged.
     */
    static double[] rows(Fields fields, List<String> names, String subject, Diagnostics diagnostics) {
        double[] numbers = none(names);
        while (fields.nextLine()) {
            try {
                if (!fields.startsWithLetter()) {
                    throw fields.error("a name and a number");
                }
                int row = names.indexOf(fields.word());
                if (row >= 0) {
                    numbers[row] = number(fields);
                }
            } catch (ProcFormatException e) {
                diagnostics.damaged(subject + " line " + fields.lineNumber(), e);
            }
        }
        return numbers;
    }

    static double[] none(List<String> names) {
        double[] numbers = new double[names.size()];
        Arrays.fill(numbers, Double.NaN);
        return numbers;
    }
}
