package io.tidewatch.store.sqlite.delivery;

import io.tidewatch.api.store.StoreException;
import io.tidewatch.store.sqlite.db.Database;
import io.tidewatch.store.sqlite.db.Failures;
import java.sql.SQLException;
import java.util.concurrent.locks.ReentrantLock;

/**
 * The one lock of a store, held by each thread that reads or writes, and its transactions, which change the file and what is
 * known of it in memory together: if one fails, both are as before. Safe for use by several threads.
 */
public final class Writer {
    public interface Work<T> {
        T run() throws StoreException, SQLException;
    }

    private final Database database;
    private final Tables tables;
    private final ReentrantLock lock;
    private final Runnable onCommit;
    private final Runnable changed;
    private volatile boolean closed;

    /**
     * @param onCommit called after each commit, with the lock held
     * @param changed called after each call, with the lock held
     */
    public Writer(Database database, Tables tables, ReentrantLock lock, Runnable onCommit, Runnable changed) {
        this.database = database;
        this.tables = tables;
        this.lock = lock;
        this.onCommit = onCommit;
        this.changed = changed;
    }

    /** @param action what is done, as the start of a sentence about its failure: "Appending" */
    public <T> T locked(String action, Work<T> work) throws StoreException {
        lock.lock();
        try {
            if (closed) {
                throw new StoreException("The store is closed; it opens again when its bundle starts");
            }
            return work.run();
        } catch (SQLException e) {
            throw Failures.of(action, database.file(), e);
        } finally {
            changed.run();
            lock.unlock();
        }
    }

    /** The same, in a transaction. */
    public <T> T transaction(String action, Work<T> work) throws StoreException {
        return locked(action, () -> inTransaction(action, work));
    }

    /** The same, and there is no delivery in flight any more, even if it fails. */
    public <T> T abandoning(String action, Work<T> work) throws StoreException {
        return locked(action, () -> {
            tables.deliveries().inFlight(null);
            return inTransaction(action, work);
        });
    }

    /** A transaction for a caller who holds the lock, also after {@link #close}. */
    public <T> T inTransaction(String action, Work<T> work) throws StoreException {
        boolean committed = false;
        tables.deliveries().begin();
        try {
            database.begin();
            T result = work.run();
            tables.deliveries().write();
            database.commit();
            committed = true;
            tables.series().committed();
            tables.passes().layouts().committed();
            onCommit.run();
            return result;
        } catch (SQLException e) {
            throw Failures.of(action, database.file(), e);
        } finally {
            if (!committed) {
                database.rollback();
                tables.series().rolledBack();
                tables.passes().layouts().rolledBack();
                tables.deliveries().rolledBack();
            }
        }
    }

    public boolean isOpen() {
        return !closed;
    }

    /** Refuses everything from now on; returns whether it did so before. */
    public boolean close() {
        lock.lock();
        try {
            boolean before = closed;
            closed = true;
            return before;
        } finally {
            lock.unlock();
        }
    }
}
