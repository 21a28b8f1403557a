package io.tidewatch.clockskew;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneId;
import java.time.ZoneOffset;
import java.util.Locale;

/** The clocks of a machine that runs, sleeps, and whose clock is set, as a test wants it. */
final class Machine {
    private final Path uptimeFile;
    private Instant wall;
    private long nanos = Long.MAX_VALUE - Duration.ofSeconds(15).toNanos();
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
                return wall();
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
        return new TimeSource(clock, this::nanos, uptimeFile);
    }

    synchronized Instant wall() {
        return wall;
    }

    private synchronized long nanos() {
        return nanos;
    }

    /** A kernel that does not tell the time since the boot. */
    Machine withoutUptime() throws IOException {
        tellsUptime = false;
        Files.delete(uptimeFile);
        return this;
    }

    synchronized void run(Duration time) {
        nanos += time.toNanos();
        uptime = uptime.plus(time);
        wall = wall.plus(time);
        writeUptime();
    }

    /** Suspended: the monotonic clock stands still. */
    synchronized void sleep(Duration time) {
        uptime = uptime.plus(time);
        wall = wall.plus(time);
        writeUptime();
    }

    synchronized void setClock(Duration step) {
        wall = wall.plus(step);
    }

    /** Switched off for a while, and on again. */
    synchronized void reboot(Duration off) {
        uptime = Duration.ofSeconds(20);
        wall = wall.plus(off).plus(uptime);
        nanos = uptime.toNanos();
        writeUptime();
    }

    private void writeUptime() {
        if (tellsUptime) {
            try {
                String text = String.format(Locale.ROOT, "%.2f 12.00%n", uptime.toMillis() / 1000.0);
                Path next = uptimeFile.resolveSibling("uptime.next");
                Files.writeString(next, text);
                Files.move(next, uptimeFile, StandardCopyOption.ATOMIC_MOVE, StandardCopyOption.REPLACE_EXISTING);
            } catch (IOException e) {
                throw new UncheckedIOException(e);
            }
        }
    }
}
