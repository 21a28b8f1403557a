package io.tidewatch.clockskew;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneId;
import java.time.ZoneOffset;
import java.util.Locale;
import java.util.concurrent.atomic.AtomicLong;

/** The clocks of a machine that runs, sleeps, and whose clock is set, as a test wants it. */
final class Machine {
    private final Path uptimeFile;
    private volatile Instant wall;
    private final AtomicLong nanos =
            new AtomicLong(Long.MAX_VALUE - Duration.ofSeconds(15).toNanos());
    private Duration uptime = Duration.ofMillis(30_120);
    private boolean tellsUptime = true;

    /** @param folder for the file with the time since the boot */
    Machine(Path folder, Instant wall) {
        this.uptimeFile = folder.resolve("uptime");
        this.wall = wall;
        writeUptime();
    }

    TimeSource source() {
        Clock clock = new Clock() {
            @Override
            public Instant instant() {
                return wall;
            }

            @Override
            public ZoneId getZone() {
                return ZoneOffset.UTC;
            }

            @Override
            public Clock withZone(ZoneId zone) {
                throw new UnsupportedOperationException();
            }
        };
        return new TimeSource(clock, nanos::get, uptimeFile);
    }

    Instant wall() {
        return wall;
    }

    /** A kernel that does not tell the time since the boot. */
    Machine withoutUptime() throws IOException {
        tellsUptime = false;
        Files.delete(uptimeFile);
        return this;
    }

    void run(Duration time) {
        nanos.addAndGet(time.toNanos());
        uptime = uptime.plus(time);
        wall = wall.plus(time);
        writeUptime();
    }

    /** Suspended: the monotonic clock stands still. */
    void sleep(Duration time) {
        uptime = uptime.plus(time);
        wall = wall.plus(time);
        writeUptime();
    }

    void setClock(Duration step) {
        wall = wall.plus(step);
    }

    private void writeUptime() {
        if (tellsUptime) {
            try {
                String text = String.format(Locale.ROOT, "%.2f 12.00%n", uptime.toMillis() / 1000.0);
                Files.writeString(uptimeFile, text);
            } catch (IOException e) {
                throw new UncheckedIOException(e);
            }
        }
    }
}
