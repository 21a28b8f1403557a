package io.tidewatch.store.sqlite.recovery;

import io.tidewatch.store.sqlite.db.Database;
import io.tidewatch.store.sqlite.db.Failures;
import io.tidewatch.store.sqlite.db.Platform;
import java.io.IOException;
import java.io.RandomAccessFile;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;

/**
 * The first page of a database of this version. It holds the header and the way to the description of the tables, which is
 * the same in all files that this version has made; without it nothing else can be found.
 */
final class FirstPage {
    // https://sqlite.org/fileformat2.html#the_database_header
    private static final int CHANGE_COUNTER = 24;
    private static final int SCHEMA_COOKIE = 40;
    private static final int VALID_FOR = 92;

    private FirstPage() {}

    /** Whether SQLite finds the tables. */
    static boolean isReadable(Path file, Platform platform) throws SQLException, IOException {
        if (!DamageCheck.hasMagic(file)) {
            return false;
        }
        try (Connection connection = platform.connector().connect(file, true);
                Statement statement = connection.createStatement();
                ResultSet tables =
                        statement.executeQuery("SELECT count(*) FROM sqlite_schema WHERE name IN ('series', 'pass')")) {
            return tables.next() && tables.getInt(1) == 2;
        } catch (SQLException e) {
            if (Failures.isDamage(e)) {
                return false;
            }
            throw e;
        }
    }

    /**
     * Gives a file the first page of another one.
     *
     * @param damaged the file
     * @param fresh a database that was just made
     */
    static void restore(Path damaged, Path fresh) throws IOException {
        byte[] page;
        try (var source = Files.newInputStream(fresh)) {
            page = source.readNBytes(Database.PAGE_SIZE);
        }
        // No free pages (offsets 32 and 36), and the real size of the file instead of that in the header, which counts
        // only
        // if two counters agree.
        for (int i = CHANGE_COUNTER; i < SCHEMA_COOKIE; i++) {
            page[i] = 0;
        }
        page[VALID_FOR] = 1;
        try (RandomAccessFile file = new RandomAccessFile(damaged.toFile(), "rw")) {
            file.write(page);
        }
    }
}
