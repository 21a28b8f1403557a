package io.tidewatch.itest.rivals;

import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** Reads the texts of {@code /proc/PID}. Source of the formats: proc(5). */
final class ProcText {
    private ProcText() {}

    /**
     * The number behind a key of {@code status}, {@code smaps_rollup} or {@code io}, in the unit of the file: kB where
     * the line says so.
     *
     * @throws IllegalArgumentException if no line has this key and a number
     */
    static long number(String text, String key) {
        Matcher line = Pattern.compile("^" + Pattern.quote(key) + ":\\s+(\\d+)(?: kB)?$", Pattern.MULTILINE)
                .matcher(text);
        if (!line.find()) {
            throw new IllegalArgumentException("No line \"" + key + ": <number>\" in: " + text);
        }
        return Long.parseLong(line.group(1));
    }

    /**
     * Processor time of {@code stat} in ticks, user and system, with that of the children that were waited for.
     *
     * @throws IllegalArgumentException if this is no such text
     */
    static long cpuTicks(String stat) {
        // The second field is the name in brackets, which may itself hold blanks and brackets.
        int name = stat.lastIndexOf(')');
        String[] fields = stat.substring(name + 1).strip().split(" ", -1);
        // Fields 14 to 17 of proc(5): utime, stime, cutime, cstime; the first one here is field 3.
        if (name < 0 || fields.length < 15) {
            throw new IllegalArgumentException("Not a line of /proc/PID/stat: " + stat);
        }
        long ticks = 0;
        for (int field = 14; field <= 17; field++) {
            ticks += Long.parseLong(fields[field - 3]);
        }
        return ticks;
    }

    /**
     * Of the first line of {@code /proc/stat}: ticks of all processors together in which one had something to do for
     * this machine.
     *
     * @throws IllegalArgumentException if this is no such text
     */
    static long busyTicks(String stat) {
        Matcher line = Pattern.compile("^cpu +(\\d+) (\\d+) (\\d+) \\d+ \\d+ (\\d+) (\\d+)")
                .matcher(stat);
        if (!line.find()) {
            throw new IllegalArgumentException("Not a /proc/stat: " + stat);
        }
        long ticks = 0;
        for (int group = 1; group <= line.groupCount(); group++) {
            ticks += Long.parseLong(line.group(group));
        }
        return ticks;
    }
}
