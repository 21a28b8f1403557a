package io.tidewatch.store.sqlite.recovery;

import io.tidewatch.api.store.StoreException;
import io.tidewatch.store.sqlite.db.Database;
import io.tidewatch.store.sqlite.db.Failures;
import io.tidewatch.store.sqlite.db.Platform;
import io.tidewatch.store.sqlite.db.Schema;
import io.tidewatch.store.sqlite.db.Sql;
import java.io.IOException;
import java.io.InputStream;
import java.io.RandomAccessFile;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.SQLException;
import java.util.Arrays;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Whether a database of ours is damaged, before it is opened for work. After a clean end only its series and ranges are
 * looked at; after any other, SQLite checks all of its pages ({@code PRAGMA quick_check}); after an error that spoke of
 * damage also its indices and all rows.
 */
final class DamageCheck {
    /** https://sqlite.org/fileformat2.html#the_database_header */
    private static final int HEADER = 100;

    /** How far into a file its tables are described. */
    private static final int DESCRIPTION = 128 << 10;

    /** How two of our tables are described in any file of ours. */
    private static final List<String> DESCRIBED = List.of("CREATE TABLE delivered(", "CREATE TABLE sessions(");

    private static final byte[] MAGIC = "SQLite format 3\0".getBytes(StandardCharsets.US_ASCII);
    private static final int APPLICATION_ID_OFFSET = 68;
    private static final int CHANGE_COUNTER = 24;
    private static final int SCHEMA_COOKIE = 40;
    private static final int VALID_FOR = 92;

    private DamageCheck() {}

    /**
     * @param thoroughly whether an error spoke of damage; then all of it is checked, even after a clean end
     * @return what is damaged; null if nothing is, or if the file is none of ours
     */
    static @Nullable String damageOf(Path file, boolean thoroughly, Platform platform)
            throws IOException, SQLException {
        if (Files.notExists(file) || Files.size(file) == 0 || !isOurs(file)) {
            return null;
        }
        if (!hasMagic(file)) {
            return "its header is overwritten";
        }
        // A reader of the log only: nothing is written before the check is over.
        try (Connection connection = platform.connector().connect(file, false)) {
            int version = Schema.versionOf(file, connection);
            if (version == 0 || Schema.isMigrated(version)) {
                return null;
            }
            boolean endedCleanly = Sql.number(connection, "SELECT count(*) FROM sessions WHERE status = 'active'") == 0;
            if (!thoroughly && endedCleanly) {
                return ContentCheck.problemOf(connection, false);
            }
            String answer = Schema.check(connection, thoroughly ? "integrity_check" : "quick_check");
            if (!answer.equals("ok")) {
                return answer;
            }
            return ContentCheck.problemOf(connection, thoroughly);
        } catch (StoreException e) {
            // A version that is too new, say: the store refuses it when it opens it.
            return null;
        } catch (SQLException e) {
            if (Failures.isDamage(e)) {
                return String.valueOf(e.getMessage());
            }
            throw e;
        }
    }

    /**
     * By its header, which damage elsewhere leaves; without one, by what it says of its tables. A header of zeros is what a
     * power cut leaves, and no other program's.
     */
    static boolean isOurs(Path file) throws IOException {
        if (Files.notExists(file)) {
            return false;
        }
        byte[] header = header(file);
        if (ByteBuffer.wrap(header).getInt(APPLICATION_ID_OFFSET) == Schema.APPLICATION_ID
                || Arrays.equals(header, new byte[HEADER])) {
            return true;
        }
        if (hasMagic(file)) {
            return false;
        }
        try (InputStream content = Files.newInputStream(file)) {
            String beginning = new String(content.readNBytes(DESCRIPTION), StandardCharsets.ISO_8859_1);
            return DESCRIBED.stream().allMatch(beginning::contains);
        }
    }

    /** Whether the file begins as every SQLite database does. */
    static boolean hasMagic(Path file) throws IOException {
        return Arrays.equals(Arrays.copyOf(header(file), MAGIC.length), MAGIC);
    }

    /** Whether SQLite finds the tables. */
    static boolean hasReadableTables(Path file, Platform platform) throws SQLException, IOException {
        if (!hasMagic(file)) {
            return false;
        }
        try (Connection connection = platform.connector().connect(file, true)) {
            return Schema.has(connection, "series") && Schema.has(connection, "pass");
        } catch (SQLException e) {
            if (Failures.isDamage(e)) {
                return false;
            }
            throw e;
        }
    }

    /**
     * Gives a file the first page of another one. It holds the header and the way to the description of the tables, which
     * is the same in all files that this version has made; without it nothing else can be found.
     */
    static void restoreFirstPage(Path damaged, Path fresh) throws IOException {
        byte[] page;
        try (var source = Files.newInputStream(fresh)) {
            page = source.readNBytes(Database.PAGE_SIZE);
        }
        // No free pages (offsets 32 and 36), and the real size of the file instead of that in the header, which counts
        // only if two counters agree.
        Arrays.fill(page, CHANGE_COUNTER, SCHEMA_COOKIE, (byte) 0);
        page[VALID_FOR] = 1;
        try (RandomAccessFile file = new RandomAccessFile(damaged.toFile(), "rw")) {
            file.write(page);
        }
    }

    private static byte[] header(Path file) throws IOException {
        try (InputStream content = Files.newInputStream(file)) {
            // A file that is shorter leaves zeros.
            return Arrays.copyOf(content.readNBytes(HEADER), HEADER);
        }
    }
}
