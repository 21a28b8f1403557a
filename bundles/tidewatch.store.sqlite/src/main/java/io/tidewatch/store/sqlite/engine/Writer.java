package io.tidewatch.store.sqlite.engine;

import io.tidewatch.api.store.StoreException;
import io.tidewatch.store.sqlite.db.Failures;
import io.tidewatch.store.sqlite.delivery.Transactions;
import java.nio.file.Path;
import java.sql.SQLException;
import java.util.concurrent.locks.ReentrantLock;

/** The one lock of a store, held by each thread that reads or writes. Safe for use by several threads. */
final class Writer {
    private final Path file;
    private final ReentrantLock lock;
    private final Transactions transactions;
    private final Runnable changed;
    private boolean closed;

    /** @param changed called after each call, with the lock held */
    Writer(Path file, ReentrantLock lock, Transactions transactions, Runnable changed) {
        this.file = file;
        this.lock = lock;
        this.transactions = transactions;
        this.changed = changed;
    }

    <T> T locked(String action, Transactions.Work<T> work) throws StoreException {
        lock.lock();
        try {
            requireOpen();
            return work.run();
        } catch (SQLException e) {
            throw Failures.of(action, file, e);
        } finally {
            changed.run();
            lock.unlock();
        }
    }

    <T> T transaction(String action, Transactions.Work<T> work) throws StoreException {
        return locked(action, () -> transactions.run(action, work));
    }

    boolean isOpen() {
        lock.lock();
        try {
            return !closed;
        } finally {
            lock.unlock();
        }
    }

    /** Refuses everything from now on; returns whether it did so before. */
    boolean close() {
        lock.lock();
        try {
            boolean before = closed;
            closed = true;
            return before;
        } finally {
            lock.unlock();
        }
    }

    /** The caller holds the lock. */
    void requireOpen() throws StoreException {
        if (closed) {
            throw new StoreException("The store is closed; it opens again when its bundle starts");
        }
    }
}
