package io.tidewatch.store.sqlite;

import io.tidewatch.api.store.StoreException;
import java.io.IOException;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Collectors;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.sqlite.SQLiteErrorCode;

/**
 * Copies what can be read of a damaged database into a new one, around the pages that cannot. What is in doubt is pending
 * afterwards: to send a sample twice does no harm, to hold it for delivered would lose it.
 */
final class Salvage {
    /**
     * What was saved.
     *
     * @param samples samples that were saved
     * @param orphans samples that could be read, but not to which series they belong, or with a value of another type:
     *     lost
     * @param lostMillis length of the stretches of time that could not be read, together; those at either end, which has no
     *     known length, are left out
     * @param stretches number of these stretches
     * @param complete whether all of the file could be read
     */
    record Result(long samples, long orphans, long lostMillis, int stretches, boolean complete) {
        static final Result NOTHING = new Result(0, 0, 0, 0, true);
    }

    private static final Logger LOG = LoggerFactory.getLogger(Salvage.class);
    private static final int ROWS_PER_TRANSACTION = 20_000;

    private final Path damaged;
    private final Platform platform;
    private final Database target;
    private final SalvagedSeries series;
    private long rows;
    private long samples;
    private long orphans;
    private long lostMillis;
    private int stretches;
    private boolean complete = true;

    private Salvage(Path damaged, Database target, Platform platform) throws SQLException {
        this.platform = platform;
        this.damaged = damaged;
        this.target = target;
        this.series = new SalvagedSeries(target);
    }

    /**
     * Copies.
     *
     * @param damaged the damaged file, which may get its first page back
     * @param fresh where the new one goes; there is none yet
     * @param now milliseconds since the epoch
     * @throws SQLException if the new one cannot be written
     * @throws IOException the same
     */
    static Result run(Path damaged, Path fresh, long now, Platform platform) throws SQLException, IOException {
        try (Database target = Database.open(fresh, now, platform)) {
            Salvage salvage = new Salvage(damaged, target, platform);
            if (!FirstPage.isReadable(damaged, platform)) {
                FirstPage.restore(damaged, fresh);
                LOG.warn("The first page of {} was overwritten and is made anew", damaged);
            }
            salvage.copy();
            target.checkpoint();
            return new Result(
                    salvage.samples, salvage.orphans, salvage.lostMillis, salvage.stretches, salvage.complete);
        } catch (StoreException e) {
            throw new IOException("A database that was just made is refused", e);
        }
    }

    private void copy() throws SQLException {
        try (Connection source = platform.connector().connect(damaged, false);
                Statement statement = source.createStatement()) {
            statement.execute("PRAGMA busy_timeout=5000");
            statement.execute("PRAGMA cell_size_check=OFF");
            target.begin();
            copyTable(source, "sessions", "start_time");
            copyTable(source, "upload_checkpoints", "id");
            copyTable(source, "notes", "rowid");
            copySeries(source);
            copyTable(source, "set_aside", "timestamp_ms");
            List<DamagedTable.Gap> doubtful = copyTable(source, "exceptions", "timestamp_ms");
            copyDelivered(source, doubtful);
            for (DamagedTable.Gap gap : copyTable(source, "samples", "timestamp_ms")) {
                stretches++;
                if (gap.from() > 0 && gap.to() < DamagedTable.END) {
                    lostMillis += gap.to() - gap.from();
                }
            }
        } catch (SQLException e) {
            if (!Failures.isDamage(e)) {
                throw e;
            }
            complete = false;
            LOG.error("Nothing more can be read of {}: {}", damaged, e.getMessage());
        }
        target.commit();
    }

    /** By their ids, not by the index of their keys, which would fail for rows that the table still has. */
    private void copySeries(Connection source) throws SQLException {
        List<String> columns = columns(source, "series");
        noteGaps("series", new DamagedTable(source, "series", SalvagedSeries.columns(columns)).read(series::save));
    }

    private List<DamagedTable.Gap> noteGaps(String table, List<DamagedTable.Gap> gaps) {
        if (!gaps.isEmpty()) {
            complete = false;
            LOG.warn("{} stretches of the table {} of {} cannot be read", gaps.size(), table, damaged);
        }
        return gaps;
    }

    /** Copies a table in the order of a column; returns what could not be read. */
    private List<DamagedTable.Gap> copyTable(Connection source, String table, String key) throws SQLException {
        List<String> columns = columns(source, table);
        if (columns.isEmpty()) {
            // A database of an earlier version, which had no such table.
            return List.of();
        }
        columns.retainAll(columns(target.connection(), table));
        if (!columns.remove(key) && !key.equals("rowid")) {
            complete = false;
            return List.of(new DamagedTable.Gap(DamagedTable.BEGINNING, DamagedTable.END));
        }
        columns.add(0, key);
        int ofSeries = columns.indexOf("series") + 1;
        int ofValue = table.equals("samples") ? columns.indexOf("value") + 1 : 0;
        try (PreparedStatement insert = target.connection()
                .prepareStatement("INSERT OR IGNORE INTO " + table + "(" + String.join(", ", columns) + ") VALUES ("
                        + columns.stream().map(column -> "?").collect(Collectors.joining(", ")) + ")")) {
            return noteGaps(table, new DamagedTable(source, table, columns).read(row -> {
                        for (int i = 1; i <= columns.size(); i++) {
                            insert.setObject(i, row.getObject(i));
                        }
                        if (ofSeries > 0) {
                            Integer id = series.idOf(row, ofSeries, ofValue);
                            if (id == null) {
                                orphans += ofValue > 0 ? 1 : 0;
                                return;
                            }
                            insert.setInt(ofSeries, id);
                        }
                        if (insertUnlessNonsense(insert) && ofValue > 0) {
                            samples++;
                        }
                    }));
        }
    }

    /** Copies the delivered ranges but for the times whose exceptions are lost: some of them may have been pending. */
    private void copyDelivered(Connection source, List<DamagedTable.Gap> doubtful) throws SQLException {
        try (PreparedStatement insert = target.connection()
                .prepareStatement("INSERT OR IGNORE INTO delivered(priority, from_ms, to_ms) VALUES (?, ?, ?)")) {
            new DamagedTable(source, "delivered", List.of("priority", "from_ms", "to_ms")).read(row -> {
                long from = row.getLong(2);
                long to = row.getLong(3);
                for (DamagedTable.Gap gap : doubtful) {
                    if (from < gap.from()) {
                        insertRange(insert, row.getInt(1), from, Math.min(to, gap.from() - 1));
                    }
                    from = Math.max(from, gap.to() + 1);
                }
                insertRange(insert, row.getInt(1), from, to);
            });
        }
    }

    private void insertRange(PreparedStatement insert, int priority, long from, long to) throws SQLException {
        if (priority >= 0 && priority < DeliveryState.LEVELS && from >= 0 && from <= to && to <= DeliveryState.END) {
            insert.setInt(1, priority);
            insert.setLong(2, from);
            insert.setLong(3, to);
            insertUnlessNonsense(insert);
        }
    }

    /** Inserts a row; one that breaks a constraint is none of ours. */
    private boolean insertUnlessNonsense(PreparedStatement insert) throws SQLException {
        try {
            boolean inserted = insert.executeUpdate() == 1;
            if (++rows % ROWS_PER_TRANSACTION == 0) {
                target.commit();
                if (Thread.currentThread().isInterrupted()) {
                    throw new SQLException(
                            "the agent stops; this begins anew at its next start",
                            "",
                            SQLiteErrorCode.SQLITE_INTERRUPT.code);
                }
                // Or the log would take as much room as the database.
                target.checkpoint();
                target.begin();
            }
            return inserted;
        } catch (SQLException e) {
            if (Failures.primaryCode(e) == SQLiteErrorCode.SQLITE_CONSTRAINT.code) {
                return false;
            }
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
