package io.tidewatch.collector.textfile;

import io.tidewatch.api.collector.Diagnostics;
import io.tidewatch.exposition.ExpositionFormat;
import io.tidewatch.exposition.PageSamples;
import java.io.IOException;
import java.io.InputStream;
import java.nio.channels.ClosedByInterruptException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.attribute.BasicFileAttributes;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/** Reads one file after the other by the clock of the file system, and reports those that it leaves out. */
record MetricFileReader(Clock clock, Diagnostics diagnostics) {
    /** A label is UTF-8 without control characters. */
    private static final Pattern LABEL = Pattern.compile("[^\\p{Cntrl}\uFFFD]+");

    /**
     * Returns when the file was written; null if it is none, cannot be read, or is gone.
     *
     * @param staleAfter age from which it is left out; zero for never
     */
    @Nullable
    Instant read(Path file, Duration staleAfter, PageSamples samples) throws InterruptedException {
        String name = MetricFiles.name(file);
        if (!LABEL.matcher(name).matches()) {
            leaveOut(file, "the file '" + name + "' has a name that cannot be a label and is not read; rename it");
            return null;
        }
        try {
            // Before it is opened: to open a pipe waits for its writer.
            BasicFileAttributes attributes = Files.readAttributes(file, BasicFileAttributes.class);
            if (!attributes.isRegularFile()) {
                String type = attributes.isDirectory() ? "a folder" : "a pipe, a socket or a device";
                leaveOut(file, file + " is " + type + " and is not read; replace it by a file, or rename it");
                return null;
            }
            Instant written = attributes.lastModifiedTime().toInstant();
            Duration age = Duration.between(written, clock.instant());
            if (!staleAfter.isZero() && age.compareTo(staleAfter) > 0) {
                leaveOut(
                        file,
                        file + " was last written " + text(age) + " ago, which is longer than stale.after, so that"
                                + " its samples are left out; check the program that writes it");
                return written;
            }
            try (InputStream page = Files.newInputStream(file)) {
                samples.read(name, page, ExpositionFormat.TEXT, false);
            }
            return written;
        } catch (ClosedByInterruptException e) {
            Thread.interrupted();
            throw (InterruptedException) new InterruptedException().initCause(e);
        } catch (NoSuchFileException e) {
            if (Files.isSymbolicLink(file)) {
                leaveOut(file, file + " is a link to a file that does not exist; create that, or remove the link");
            }
            return null;
        } catch (IOException e) {
            leaveOut(file, Unreadable.file(file, e));
            return null;
        }
    }

    private void leaveOut(Path file, String why) {
        diagnostics.damaged(file.toString(), why);
    }

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
