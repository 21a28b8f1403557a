package io.tidewatch.store.sqlite.migration;

import io.tidewatch.store.sqlite.db.DatabaseFiles;
import io.tidewatch.store.sqlite.db.Failures;
import io.tidewatch.store.sqlite.recovery.Recovery;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.SQLException;
import java.time.Duration;
import java.time.Instant;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * A database to migrate of which some rows cannot be read. A medium may fail for a moment: they are tried a second time,
 * later, before the original is replaced, and then it is kept. How many could be read is in a file beside it, since the agent
 * may end in between.
 */
final class DamagedOriginal {
    private static final Logger LOG = LoggerFactory.getLogger(DamagedOriginal.class);

    /** When the original was read first, in milliseconds, and how many of its rows could be. */
    private static final Pattern READING = Pattern.compile("([0-9]{1,18}) ([0-9]{1,18})");

    private final Path file;
    private final Path firstReading;

    DamagedOriginal(Path file) {
        this.file = file;
        firstReading = DatabaseFiles.beside(file, ".migrating-rows");
    }

    /** @throws SQLException if it is too early for a second reading: the medium is left alone for a while */
    void requireRest(long now) throws SQLException, IOException {
        Matcher first = firstReading();
        if (first.matches()
                && Math.abs(now - Long.parseLong(first.group(1)))
                        < Duration.ofSeconds(Recovery.CONFIRM_SECONDS).toMillis()) {
            throw tooEarly();
        }
    }

    /** @throws SQLException if this was the first reading, or more could be read than before */
    void requireSecondReading(long rows, long now) throws SQLException, IOException {
        Matcher first = firstReading();
        if (!first.matches() || rows > Long.parseLong(first.group(2))) {
            Files.writeString(firstReading, now + " " + rows);
            throw tooEarly();
        }
    }

    /** Keeps the original, by a second name, so that at every moment some file has the first. */
    void keep(SQLException damage, long now) throws IOException {
        LOG.error("{} is damaged ({}); the rows that can be read are migrated", file, damage.getMessage());
        Path kept = Recovery.makeRoomToKeep(file, Instant.ofEpochMilli(now));
        try {
            Files.createLink(kept, file);
            LOG.error("The damaged file is kept as {}: remove it when you do not need it", kept);
        } catch (UnsupportedOperationException | IOException e) {
            LOG.error("The damaged file cannot be kept: this file system gives no file two names", e);
        }
    }

    /** After a migration that succeeded. */
    void forget() throws IOException {
        Files.deleteIfExists(firstReading);
    }

    private Matcher firstReading() throws IOException {
        return READING.matcher(Files.exists(firstReading) ? Files.readString(firstReading) : "");
    }

    private static SQLException tooEarly() {
        return Failures.damagedContent("some rows of the database to migrate cannot be read; they are read once"
                + " more in " + Recovery.CONFIRM_SECONDS + " seconds, since a medium may fail for a moment");
    }
}
