package io.tidewatch.clockskew;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Instant;
import java.util.OptionalLong;
import java.util.function.LongSupplier;

/**
 * The clocks of the machine.
 *
 * @param wall the clock that is set
 * @param nanoTime monotonic nanoseconds; they stand still while the machine is suspended (CLOCK_MONOTONIC)
 * @param uptimeFile seconds since the boot, suspended ones included (CLOCK_BOOTTIME, proc(5)); it need not exist
 */
record TimeSource(Clock wall, LongSupplier nanoTime, Path uptimeFile) {
    static final TimeSource LINUX = new TimeSource(Clock.systemUTC(), System::nanoTime, Path.of("/proc/uptime"));

    /** Two looks at the monotonic clock that are further apart have something else between them. */
    private static final long MOST_APART = 50_000_000;

    private static final int ATTEMPTS = 5;
    private static final long NANOS_PER_HUNDREDTH = 10_000_000;

    /** What the clocks say at one moment. */
    record Reading(Instant wall, long nanos) {}

    /** Reads both clocks; if the machine is so busy that they cannot be read together, the last attempt counts. */
    Reading read() {
        long before = nanoTime.getAsLong();
        Reading reading = new Reading(wall.instant(), before);
        for (int i = 1; i < ATTEMPTS && nanoTime.getAsLong() - before > MOST_APART; i++) {
            before = nanoTime.getAsLong();
            reading = new Reading(wall.instant(), before);
        }
        return reading;
    }

    /** How many nanoseconds more the machine is up than the monotonic clock says; nothing where it is not told. */
    OptionalLong ahead() {
        for (int i = 0; i < ATTEMPTS; i++) {
            long before = nanoTime.getAsLong();
            OptionalLong uptime = uptimeNanos();
            long after = nanoTime.getAsLong();
            if (uptime.isEmpty()) {
                return uptime;
            }
            if (after - before <= MOST_APART) {
                return OptionalLong.of(uptime.getAsLong() - before);
            }
        }
        return OptionalLong.empty();
    }

    /** The file says "35723.56 46035.98": hundredths of seconds. */
    private OptionalLong uptimeNanos() {
        try {
            String text = Files.readString(uptimeFile, StandardCharsets.US_ASCII);
            int point = text.indexOf('.');
            long seconds = Long.parseLong(text, 0, point, 10);
            long hundredths = Long.parseLong(text, point + 1, point + 3, 10);
            return OptionalLong.of((seconds * 100 + hundredths) * NANOS_PER_HUNDREDTH);
        } catch (IOException | NumberFormatException | IndexOutOfBoundsException e) {
            return OptionalLong.empty();
        }
    }
}
