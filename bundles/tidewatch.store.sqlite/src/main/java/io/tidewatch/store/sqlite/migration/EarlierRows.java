package io.tidewatch.store.sqlite.migration;

import io.tidewatch.store.sqlite.db.Failures;
import io.tidewatch.store.sqlite.db.Millis;
import io.tidewatch.store.sqlite.recovery.DamagedTable;
import io.tidewatch.store.sqlite.recovery.SalvagedSeries;
import io.tidewatch.store.sqlite.tables.DeliveredRanges;
import io.tidewatch.store.sqlite.tables.StoredSeries;
import java.io.IOException;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.List;
import java.util.Objects;

/**
 * The rows of versions 100 to 102: a row per sample; what is delivered as ranges of time per priority, with exceptions.
 * Damage is gone around.
 */
final class EarlierRows extends Rows {
    private static final List<String> COLUMNS = List.of(
            "s.timestamp_ms",
            "s.series",
            "s.value",
            "(SELECT pending FROM exceptions e WHERE e.timestamp_ms = s.timestamp_ms AND e.series = s.series)",
            "(SELECT reason FROM set_aside a WHERE a.timestamp_ms = s.timestamp_ms AND a.series = s.series)",
            "(SELECT time_ms FROM set_aside a WHERE a.timestamp_ms = s.timestamp_ms AND a.series = s.series)");

    private final Connection source;
    private final SalvagedSeries series;
    private final DeliveredRanges[] delivered = DeliveredRanges.noneByLevel();

    EarlierRows(Connection source, MigratedPasses target) throws SQLException, IOException {
        super(new DamagedTable(source, "samples s", COLUMNS));
        this.source = source;
        series = new SalvagedSeries(target.series());
        addGaps(new DamagedTable(source, "series", SalvagedSeries.COLUMNS)
                .read(series::save)
                .size());
        addGaps(new DamagedTable(source, "delivered", List.of("priority", "from_ms", "to_ms"))
                .read(row -> DeliveredRanges.add(delivered, row, Long.MAX_VALUE - 1))
                .size());
    }

    @Override
    void copy(MigratedPasses target, boolean pending) throws SQLException, IOException {
        super.copy(target, pending);
        if (!pending) {
            copyAcknowledged(target);
        }
    }

    @Override
    boolean copy(ResultSet row, MigratedPasses target, boolean pending) throws SQLException, IOException {
        long time = row.getLong(1);
        Integer id = series.idOf(row.getLong(2), !(row.getObject(3) instanceof Number));
        if (id == null || time < 0 || time >= Millis.END) {
            return false;
        }
        StoredSeries of = target.series().get(id);
        if (!of.isText() && !Double.isFinite(row.getDouble(3))) {
            return false;
        }
        int exception = row.getInt(4);
        boolean isException = !row.wasNull();
        String reason = row.getString(5);
        boolean isPending = !of.isText()
                && reason == null
                && (isException ? exception == 1 : !delivered[of.level()].contains(time));
        if (isPending != pending) {
            return true;
        }
        String text = of.isText() ? Objects.requireNonNullElse(row.getString(3), "") : null;
        MigratedPasses.Refusal refusal =
                reason == null || of.isText() ? null : new MigratedPasses.Refusal(reason, row.getLong(6));
        target.add(id, time, of.level(), row.getDouble(3), text, refusal);
        return true;
    }

    /** The first version did not note which priorities a chunk had: all. */
    private void copyAcknowledged(MigratedPasses target) throws SQLException, IOException {
        try (Statement statement = source.createStatement()) {
            boolean levels = DamagedTable.columns(source, "upload_checkpoints").contains("levels");
            try (ResultSet row = statement.executeQuery("SELECT upload_time_ms, first_timestamp_ms, last_timestamp_ms, "
                    + (levels ? "levels" : "15") + " FROM upload_checkpoints ORDER BY id")) {
                while (row.next()) {
                    if (row.getLong(1) < 0 || row.getLong(1) >= Millis.END) {
                        continue;
                    }
                    target.acknowledged(row.getLong(1), row.getLong(2), row.getLong(3), row.getInt(4));
                }
            }
        } catch (SQLException e) {
            if (!Failures.isDamage(e)) {
                throw e;
            }
            addGaps(1);
        }
    }
}
