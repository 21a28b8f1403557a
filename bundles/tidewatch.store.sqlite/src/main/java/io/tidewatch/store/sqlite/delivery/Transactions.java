package io.tidewatch.store.sqlite.delivery;

import io.tidewatch.api.store.StoreException;
import io.tidewatch.store.sqlite.db.Database;
import io.tidewatch.store.sqlite.db.Failures;
import io.tidewatch.store.sqlite.tables.PassTable;
import io.tidewatch.store.sqlite.tables.SeriesTable;
import java.sql.SQLException;

/**
 * Runs work in transactions that change the file and what is known of it in memory together: if one fails, both are as
 * before. The caller holds the writer lock.
 */
public final class Transactions {
    public interface Work<T> {
        T run() throws StoreException, SQLException;
    }

    private final Database database;
    private final SeriesTable series;
    private final PassTable passes;
    private final DeliveryState state;
    private final Runnable onCommit;

    public Transactions(
            Database database, SeriesTable series, PassTable passes, DeliveryState state, Runnable onCommit) {
        this.database = database;
        this.series = series;
        this.passes = passes;
        this.state = state;
        this.onCommit = onCommit;
    }

    /** @param action what is done, as the start of a sentence about its failure: "Appending" */
    public <T> T run(String action, Work<T> work) throws StoreException {
        boolean committed = false;
        state.begin();
        try {
            database.begin();
            T result = work.run();
            state.write();
            database.commit();
            committed = true;
            series.committed();
            passes.layouts().committed();
            onCommit.run();
            return result;
        } catch (SQLException e) {
            throw Failures.of(action, database.file(), e);
        } finally {
            if (!committed) {
                database.rollback();
                series.rolledBack();
                passes.layouts().rolledBack();
                state.rolledBack();
            }
        }
    }
}
