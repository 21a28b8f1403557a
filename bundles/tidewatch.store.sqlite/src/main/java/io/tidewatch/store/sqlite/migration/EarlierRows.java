package io.tidewatch.store.sqlite.migration;

import io.tidewatch.store.sqlite.db.Failures;
import io.tidewatch.store.sqlite.db.Millis;
import io.tidewatch.store.sqlite.db.Schema;
import io.tidewatch.store.sqlite.recovery.DamagedTable;
import io.tidewatch.store.sqlite.recovery.SalvagedSeries;
import io.tidewatch.store.sqlite.tables.DeliveredRanges;
import io.tidewatch.store.sqlite.tables.PassRow;
import io.tidewatch.store.sqlite.tables.StoredSeries;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.Arrays;
import java.util.List;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * The rows of versions 100 to 102: a row per sample; what is delivered as ranges of time per priority, with exceptions.
 * Damage is gone around.
 */
final class EarlierRows implements Migration.Rows {
    private final Connection source;
    private final SalvagedSeries series;
    private final DeliveredRanges[] delivered = new DeliveredRanges[PassRow.LEVELS];
    private long rows;
    private long unusable;
    private int gaps;

    EarlierRows(Connection source, MigratedPasses target) throws SQLException {
        this.source = source;
        series = new SalvagedSeries(target.series());
        gaps += new DamagedTable(
                        source,
                        "series",
                        List.of("id", "name", "device_id", "tags", "value_type", "kind", "unit", "priority"))
                .read(series::save)
                .size();
        Arrays.fill(delivered, DeliveredRanges.NONE);
        gaps += new DamagedTable(source, "delivered", List.of("priority", "from_ms", "to_ms"))
                .read(row -> {
                    int level = row.getInt(1);
                    if (level >= 0
                            && level < delivered.length
                            && row.getLong(2) >= 0
                            && row.getLong(3) >= row.getLong(2)
                            && row.getLong(3) < Long.MAX_VALUE) {
                        delivered[level] = delivered[level].plus(row.getLong(2), row.getLong(3));
                    }
                })
                .size();
    }

    @Override
    public void copy(MigratedPasses target, boolean pending) throws SQLException, IOException {
        rows = 0;
        unusable = 0;
        List<String> columns = List.of(
                "s.timestamp_ms",
                "s.series",
                "s.value",
                "(SELECT pending FROM exceptions e WHERE e.timestamp_ms = s.timestamp_ms AND e.series = s.series)",
                "(SELECT reason FROM set_aside a WHERE a.timestamp_ms = s.timestamp_ms AND a.series = s.series)",
                "(SELECT time_ms FROM set_aside a WHERE a.timestamp_ms = s.timestamp_ms AND a.series = s.series)");
        try {
            int found = new DamagedTable(source, "samples s", columns)
                    .read(row -> copy(row, target, pending))
                    .size();
            gaps += pending ? found : 0;
        } catch (UncheckedIOException e) {
            throw e.getCause();
        }
        if (!pending) {
            copyAcknowledged(target);
        }
    }

    @Override
    public long rows() {
        return rows;
    }

    @Override
    public long unusable() {
        return unusable;
    }

    @Override
    public @Nullable SQLException damage() {
        return gaps == 0 ? null : Failures.damagedContent(gaps + " stretches of rows cannot be read");
    }

    private void copy(ResultSet row, MigratedPasses target, boolean pending) throws SQLException {
        rows++;
        long time = row.getLong(1);
        Integer id = series.idOf(row, 2, 3);
        if (id == null || time < 0 || time >= Millis.END) {
            unusable++;
            return;
        }
        StoredSeries of = target.series().get(id);
        if (!of.isText() && !Double.isFinite(row.getDouble(3))) {
            unusable++;
            return;
        }
        int exception = row.getInt(4);
        boolean isException = !row.wasNull();
        String reason = row.getString(5);
        boolean isPending = !of.isText()
                && reason == null
                && (isException ? exception == 1 : !delivered[of.level()].contains(time));
        if (isPending != pending) {
            return;
        }
        String text = of.isText() ? Objects.requireNonNullElse(row.getString(3), "") : null;
        try {
            MigratedPasses.Refusal refusal =
                    reason == null || of.isText() ? null : new MigratedPasses.Refusal(reason, row.getLong(6));
            target.add(id, time, of.level(), row.getDouble(3), text, refusal);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** The first version did not note which priorities a chunk had: all. */
    private void copyAcknowledged(MigratedPasses target) throws SQLException, IOException {
        try (Statement statement = source.createStatement()) {
            boolean levels = Schema.number(
                            statement,
                            "SELECT count(*) FROM pragma_table_info('upload_checkpoints') WHERE name = 'levels'")
                    == 1;
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
            gaps++;
        }
    }
}
