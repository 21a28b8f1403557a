package io.tidewatch.store.sqlite;

import java.io.IOException;
import java.io.RandomAccessFile;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.stream.Collectors;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Copies what can be read of a damaged database into a new one: all rows of the small tables up to the first that cannot
 * be read, and the samples around the stretches that cannot.
 *
 * <p>A damaged page of samples makes a query fail that comes to it. The walk then jumps ahead in time, further and further,
 * until a query works again, and narrows the jump down to the first millisecond that does.
 */
final class Salvage {
    /**
     * What came of it.
     *
     * @param samples samples that were saved
     * @param lostMillis length of the stretches of time that could not be read, together
     * @param stretches number of these stretches
     */
    record Result(long samples, long lostMillis, int stretches) {}

    private static final Logger LOG = LoggerFactory.getLogger(Salvage.class);
    private static final List<String> SMALL_TABLES =
            List.of("delivered", "exceptions", "set_aside", "upload_checkpoints", "sessions");

    private static final int ROWS_PER_TRANSACTION = 20_000;
    private static final long END = Long.MAX_VALUE / 2;
    private static final int HEADER = 100;

    private final Path damaged;
    private final Path fresh;
    private final Database target;
    private final Set<Integer> series = new HashSet<>();
    private long samples;
    private long lostMillis;
    private int stretches;

    private Salvage(Path damaged, Path fresh, Database target) {
        this.damaged = damaged;
        this.fresh = fresh;
        this.target = target;
    }

    /**
     * Copies.
     *
     * @param damaged the damaged file, which may get its header back
     * @param fresh where the new one goes; there is none yet
     * @param now milliseconds since the epoch
     * @throws SQLException if the new one cannot be written
     * @throws IOException the same
     */
    static Result run(Path damaged, Path fresh, long now) throws SQLException, IOException {
        try (Database target = open(fresh, now)) {
            Salvage salvage = new Salvage(damaged, fresh, target);
            salvage.restoreHeader();
            salvage.copy();
            target.checkpoint();
            return new Result(salvage.samples, salvage.lostMillis, salvage.stretches);
        }
    }

    private static Database open(Path fresh, long now) throws SQLException, IOException {
        try {
            return Database.open(fresh, now);
        } catch (io.tidewatch.api.store.StoreException e) {
            throw new IOException(e);
        }
    }

    private void copy() throws SQLException {
        try (Connection source = Database.connect(damaged, false);
                Statement statement = source.createStatement()) {
            statement.execute("PRAGMA busy_timeout=5000");
            // Rows that are found by a damaged index, or checked by one, are rows all the same.
            statement.execute("PRAGMA cell_size_check=OFF");
            copyTable(source, "series");
            readSeries();
            for (String table : SMALL_TABLES) {
                copyTable(source, table);
            }
            copySamples(source);
        } catch (SQLException e) {
            if (!DamageCheck.isDamage(e)) {
                throw e;
            }
            LOG.error("Nothing more can be read of {}: {}", damaged, e.getMessage());
        }
    }

    /**
     * Gives a file whose first page is overwritten the first page of a new one: it holds the header and where each table
     * begins, and that is the same in all files that this version has made.
     */
    private void restoreHeader() throws IOException {
        try (RandomAccessFile file = new RandomAccessFile(damaged.toFile(), "rw")) {
            byte[] header = new byte[HEADER];
            if (file.length() < HEADER) {
                return;
            }
            file.readFully(header);
            if (header[0] != 0) {
                return;
            }
            byte[] page = new byte[Database.PAGE_SIZE];
            try (var source = Files.newInputStream(fresh)) {
                if (source.readNBytes(page, 0, page.length) < page.length) {
                    return;
                }
            }
            // No free pages (offsets 32 and 36), and the size of the file instead of that in the header, which counts
            // only if two counters agree (24 and 92).
            for (int i = 24; i < 40; i++) {
                page[i] = 0;
            }
            page[92] = 1;
            file.seek(0);
            file.write(page);
            LOG.warn("{} has got its overwritten header back", damaged);
        }
    }

    private void copyTable(Connection source, String table) throws SQLException {
        List<String> columns = columns(source, table);
        columns.retainAll(columns(target.connection(), table));
        if (columns.isEmpty()) {
            return;
        }
        target.begin();
        try (Statement statement = source.createStatement();
                PreparedStatement insert = target.connection()
                        .prepareStatement("INSERT OR IGNORE INTO " + table + "(" + String.join(", ", columns)
                                + ") VALUES ("
                                + columns.stream().map(column -> "?").collect(Collectors.joining(", ")) + ")")) {
            try (ResultSet row = statement.executeQuery(
                    "SELECT " + String.join(", ", columns) + " FROM " + table + " NOT INDEXED")) {
                while (row.next()) {
                    for (int i = 1; i <= columns.size(); i++) {
                        insert.setObject(i, row.getObject(i));
                    }
                    insertUnlessNonsense(insert);
                }
            } catch (SQLException e) {
                requireDamage(e);
                LOG.warn("The table {} of {} can be read in part only", table, damaged);
            }
        }
        target.commit();
    }

    private void readSeries() throws SQLException {
        try (Statement statement = target.connection().createStatement();
                ResultSet row = statement.executeQuery("SELECT id FROM series")) {
            while (row.next()) {
                series.add(row.getInt(1));
            }
        }
    }

    private void copySamples(Connection source) throws SQLException {
        target.begin();
        try (PreparedStatement insert = target.connection()
                .prepareStatement("INSERT OR IGNORE INTO samples(timestamp_ms, series, value) VALUES (?, ?, ?)")) {
            long position = Long.MIN_VALUE / 2;
            while (position < END) {
                position = copyFrom(position, source, insert);
            }
        }
        target.commit();
    }

    /** Copies until the end or damage; returns where to go on. */
    private long copyFrom(long from, Connection source, PreparedStatement insert) throws SQLException {
        long last = from;
        try (Statement scan = source.createStatement();
                ResultSet row = scan.executeQuery(samplesFrom(from))) {
            while (row.next()) {
                long timestamp = row.getLong(1);
                int of = row.getInt(2);
                if (series.contains(of)) {
                    insert.setLong(1, timestamp);
                    insert.setInt(2, of);
                    insert.setObject(3, row.getObject(3));
                    if (insertUnlessNonsense(insert) && ++samples % ROWS_PER_TRANSACTION == 0) {
                        target.commit();
                        target.begin();
                    }
                }
                last = timestamp;
            }
            return END;
        } catch (SQLException e) {
            requireDamage(e);
            long next = afterDamage(last, source);
            stretches++;
            // Damage in the first or the last stretch has no known length.
            if (next < END && last > 0) {
                lostMillis += next - last;
            }
            return next;
        }
    }

    /** The first time after this one from which samples can be read. */
    private static long afterDamage(long last, Connection source) throws SQLException {
        long bad = last;
        long good = END;
        for (long step = 1; good == END && bad < END - step; step *= 2) {
            if (isReadable(bad + step, source)) {
                good = bad + step;
            } else {
                bad += step;
            }
        }
        while (good - bad > 1) {
            long middle = bad + (good - bad) / 2;
            if (isReadable(middle, source)) {
                good = middle;
            } else {
                bad = middle;
            }
        }
        return good;
    }

    private static boolean isReadable(long from, Connection source) throws SQLException {
        try (Statement scan = source.createStatement();
                ResultSet row = scan.executeQuery(samplesFrom(from))) {
            // Its first row is enough: a failure further on is met there.
            return row.next() || from >= END;
        } catch (SQLException e) {
            requireDamage(e);
            return false;
        }
    }

    /** A statement of its own for each query: the driver lets none be used again that has failed. */
    private static String samplesFrom(long from) {
        return "SELECT timestamp_ms, series, value FROM samples WHERE timestamp_ms >= " + from
                + " ORDER BY timestamp_ms, series";
    }

    /** Inserts a row; one that breaks a constraint is none of ours. */
    private static boolean insertUnlessNonsense(PreparedStatement insert) throws SQLException {
        try {
            return insert.executeUpdate() == 1;
        } catch (SQLException e) {
            if (Failures.primaryCode(e) == org.sqlite.SQLiteErrorCode.SQLITE_CONSTRAINT.code) {
                return false;
            }
            throw e;
        }
    }

    private static void requireDamage(SQLException e) throws SQLException {
        if (!DamageCheck.isDamage(e)) {
            throw e;
        }
    }

    private static List<String> columns(Connection connection, String table) throws SQLException {
        List<String> columns = new ArrayList<>();
        try (Statement statement = connection.createStatement();
                ResultSet column = statement.executeQuery("SELECT name FROM pragma_table_info('" + table + "')")) {
            while (column.next()) {
                columns.add(column.getString(1));
            }
        }
        return columns;
    }
}
