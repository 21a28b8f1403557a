package io.tidewatch.store.sqlite.migration;

import io.tidewatch.store.sqlite.db.Failures;
import io.tidewatch.store.sqlite.recovery.DamagedTable;
import java.io.IOException;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** The rows of a database of another version, in the order in which they were written. Damage is gone around. */
abstract class Rows {
    private final DamagedTable table;
    private long rows;
    private long unusable;
    private int gaps;
    private int gapsOfRows;

    Rows(DamagedTable table) {
        this.table = table;
    }

    /** Copies the rows that can be read and wait for delivery, or all others. */
    void copy(MigratedPasses target, boolean pending) throws SQLException, IOException {
        rows = 0;
        unusable = 0;
        List<DamagedTable.Gap> found = table.read(row -> {
            rows++;
            unusable += copy(row, target, pending) ? 0 : 1;
        });
        gapsOfRows = Math.max(gapsOfRows, found.size());
    }

    /** Copies a row if it is meant; false if no sample can be made of it. */
    abstract boolean copy(ResultSet row, MigratedPasses target, boolean pending) throws SQLException, IOException;

    /** How many rows were read for the last copy. */
    final long rows() {
        return rows;
    }

    /** Those of them that no sample can be made of. */
    final long unusable() {
        return unusable;
    }

    /** Some more rows cannot be read. */
    final void addGaps(int more) {
        gaps += more;
    }

    /** What made rows unreadable; null if all could be read. */
    final @Nullable SQLException damage() {
        int all = gaps + gapsOfRows;
        return all == 0 ? null : Failures.damagedContent(all + " stretches of rows cannot be read");
    }
}
