package io.tidewatch.scheduler;

import java.time.Duration;

/** Durations as an operator writes them. */
final class DurationText {
    private DurationText() {}

    /** The largest unit that fits without a rest: {@code 90s}, {@code 5m}, {@code 250ms}. */
    static String of(Duration duration) {
        long millis = duration.toMillis();
        if (millis % 1000 != 0) {
            return millis + "ms";
        }
        long seconds = millis / 1000;
        if (seconds % 3600 == 0 && seconds > 0) {
            return seconds / 3600 + "h";
        }
        return seconds % 60 == 0 && seconds > 0 ? seconds / 60 + "m" : seconds + "s";
    }
}
