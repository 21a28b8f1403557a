package io.tidewatch.store.sqlite.recovery;

import io.tidewatch.api.store.StoreException;
import io.tidewatch.store.sqlite.db.Database;
import io.tidewatch.store.sqlite.db.Failures;
import io.tidewatch.store.sqlite.db.Platform;
import io.tidewatch.store.sqlite.db.PreparedSql;
import io.tidewatch.store.sqlite.db.Sql;
import io.tidewatch.store.sqlite.tables.DeliveredRanges;
import io.tidewatch.store.sqlite.tables.DeliveryTables;
import io.tidewatch.store.sqlite.tables.PassRow;
import io.tidewatch.store.sqlite.tables.SeriesLimit;
import io.tidewatch.store.sqlite.tables.SeriesTable;
import java.io.IOException;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.SQLException;
import java.util.List;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.sqlite.SQLiteErrorCode;

/**
 * Copies what can be read of a damaged database into a new one, around the pages that cannot. What is in doubt is pending
 * afterwards: to send a sample twice does no harm, to hold it for delivered would lose it.
 */
public final class Salvage {
    /**
     * What was saved.
     *
     * @param orphans samples that could be read, but not to which series they belong, or with a value of another type:
     *     lost
     * @param lostMillis time that passed between the passes around those that could not be read, together; what is lost at
     *     either end has no known length and is left out
     * @param stretches number of stretches of passes that could not be read
     * @param complete whether all of the file could be read
     */
    public record Result(long samples, long orphans, long lostMillis, int stretches, boolean complete) {
        public static final Result NOTHING = new Result(0, 0, 0, 0, true);
    }

    private static final Logger LOG = LoggerFactory.getLogger(Salvage.class);
    private static final int ROWS_PER_TRANSACTION = 2_000;

    private final Path damaged;
    private final Platform platform;
    private final Database target;
    private final SalvagedSeries series;
    private final SalvagedPasses passes;
    private long rows;
    private long lostMillis;
    private final DeliveredRanges[] delivered = DeliveredRanges.noneByLevel();
    private List<DamagedTable.Gap> gaps = List.of();
    private boolean complete = true;

    private Salvage(Path damaged, Database target, Platform platform) throws SQLException {
        this.platform = platform;
        this.damaged = damaged;
        this.target = target;
        this.series = new SalvagedSeries(new SeriesTable(target, SeriesLimit.none()));
        this.passes = new SalvagedPasses(target, series);
    }

    /** @param damaged the damaged file, which may get its first page back */
    public static Result run(Path damaged, Path fresh, long now, Platform platform) throws SQLException, IOException {
        try (Database target = Database.open(fresh, now, platform)) {
            Salvage salvage = new Salvage(damaged, target, platform);
            if (!DamageCheck.hasReadableTables(damaged, platform)) {
                DamageCheck.restoreFirstPage(damaged, fresh);
                LOG.warn("The first page of {} was overwritten and is made anew", damaged);
            }
            salvage.copy();
            target.checkpoint(true);
            return new Result(
                    salvage.passes.samples(),
                    salvage.passes.orphans(),
                    salvage.lostMillis,
                    salvage.gaps.size(),
                    salvage.complete);
        } catch (StoreException e) {
            throw new IOException("A database that was just made is refused", e);
        }
    }

    private void copy() throws SQLException, IOException {
        target.begin();
        try (Connection source = platform.connector().connect(damaged, false)) {
            Sql.execute(source, "PRAGMA cell_size_check=OFF");
            copyTable(source, "sessions", "number");
            copyTable(source, "acknowledged", "id");
            copyTable(source, "notes", "rowid");
            copySeries(source);
            readLayouts(source);
            copyTable(source, "quarantine", "seq");
            noteGaps(
                    "delivered",
                    new DamagedTable(source, "delivered", List.of("priority", "first_seq", "last_seq"))
                            .read(row -> DeliveredRanges.add(delivered, row, PassRow.LARGEST_SEQ)));
            copyPasses(source);
        } catch (SQLException e) {
            if (!Failures.isDamage(e)) {
                throw e;
            }
            complete = false;
            LOG.error("Nothing more can be read of {}: {}", damaged, e.getMessage());
        }
        complete();
        target.commit();
    }

    /** Writes the tables that depend on all passes. */
    private void complete() throws SQLException {
        DeliveryTables tables = new DeliveryTables(target);
        for (int level = 0; level < delivered.length; level++) {
            tables.replace(level, DeliveredRanges.NONE, delivered[level]);
        }
        target.sql("DELETE FROM quarantine WHERE seq NOT IN (SELECT seq FROM pass)")
                .update();
        // Time between the passes around a gap.
        PreparedSql lost = target.sql("SELECT (SELECT time_ms FROM pass WHERE seq > ?2 ORDER BY seq LIMIT 1)"
                + " - (SELECT time_ms FROM pass WHERE seq <= ?1 ORDER BY seq DESC LIMIT 1)");
        for (DamagedTable.Gap gap : gaps) {
            lostMillis += Math.max(0, lost.number(gap.from(), gap.to()));
        }
    }

    /** By their ids, not by the index of their keys, which would fail for rows that the table still has. */
    private void copySeries(Connection source) throws SQLException, IOException {
        List<String> present = DamagedTable.columns(source, "series");
        List<String> columns = SalvagedSeries.COLUMNS.stream()
                .map(column -> present.contains(column) ? column : "NULL")
                .toList();
        noteGaps("series", new DamagedTable(source, "series", columns).read(series::save));
    }

    private List<DamagedTable.Gap> noteGaps(String table, List<DamagedTable.Gap> gaps) {
        if (!gaps.isEmpty()) {
            complete = false;
            LOG.warn("{} stretches of the table {} of {} cannot be read", gaps.size(), table, damaged);
        }
        return gaps;
    }

    /** From the table and from its index, which is a second copy. */
    private void readLayouts(Connection source) throws SQLException, IOException {
        noteGaps(
                "layout",
                new DamagedTable(source, "layout", List.of("id", "series"))
                        .read(row -> complete &= passes.readLayout(row.getInt(1), row.getString(2))));
        try {
            Sql.each(
                    source,
                    "SELECT id, series FROM layout ORDER BY series",
                    row -> passes.readLayout(row.getInt(1), row.getString(2)));
        } catch (SQLException e) {
            if (!Failures.isDamage(e)) {
                throw e;
            }
        }
    }

    /** Copies the passes under their own numbers, with as many of their samples as have a series. */
    private void copyPasses(Connection source) throws SQLException, IOException {
        List<String> columns = List.of("seq", "time_ms", "session", "layout", "priority", "numbers + texts", "samples");
        gaps = noteGaps("pass", new DamagedTable(source, "pass", columns).read(row -> {
                    passes.copy(row);
                    nextRow();
                }));
    }

    /** Copies a table in the order of a column. */
    private void copyTable(Connection source, String table, String key) throws SQLException, IOException {
        List<String> columns = DamagedTable.columns(source, table);
        columns.retainAll(targetColumns(table));
        if (!columns.remove(key) && !key.equals("rowid")) {
            complete = false;
            return;
        }
        columns.add(0, key);
        PreparedSql insert = target.sql("INSERT OR IGNORE INTO " + table + "(" + String.join(", ", columns)
                + ") VALUES (" + columns.stream().map(column -> "?").collect(Collectors.joining(", ")) + ")");
        noteGaps(table, new DamagedTable(source, table, columns).read(row -> {
                    @Nullable Object[] values = new Object[columns.size()];
                    for (int i = 0; i < values.length; i++) {
                        values[i] = row.getObject(i + 1);
                    }
                    insertUnlessNonsense(insert, values);
                }));
    }

    private List<String> targetColumns(String table) throws SQLException {
        try {
            return DamagedTable.columns(target.connection(), table);
        } catch (SQLException e) {
            throw Failures.ofTheCopy(e);
        }
    }

    /** Inserts a row; one that breaks a constraint is none of ours. */
    private void insertUnlessNonsense(PreparedSql insert, @Nullable Object[] values) throws SQLException {
        try {
            insert.update(values);
            nextRow();
        } catch (SQLException e) {
            if (Failures.primaryCode(e) != SQLiteErrorCode.SQLITE_CONSTRAINT.code) {
                throw e;
            }
        }
    }

    private void nextRow() throws SQLException {
        if (++rows % ROWS_PER_TRANSACTION == 0) {
            target.commit();
            if (Thread.currentThread().isInterrupted()) {
                throw new SQLException(
                        "the agent stops; this begins anew at its next start",
                        "",
                        SQLiteErrorCode.SQLITE_INTERRUPT.code);
            }
            // Or the log would take as much room as the database.
            target.checkpoint(false);
            target.begin();
        }
    }
}
