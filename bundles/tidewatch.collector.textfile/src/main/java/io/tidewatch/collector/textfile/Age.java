package io.tidewatch.collector.textfile;

import java.time.Duration;

/** Ages as an operator reads them. */
final class Age {
    private Age() {}

    /** Whole units of the largest that fits: {@code 40s}, {@code 3h}, {@code 12d}. */
    static String text(Duration age) {
        if (age.toDays() > 0) {
            return age.toDays() + "d";
        }
        if (age.toHours() > 0) {
            return age.toHours() + "h";
        }
        return age.toMinutes() > 0 ? age.toMinutes() + "m" : age.toSeconds() + "s";
    }
}
