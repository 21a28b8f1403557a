package io.tidewatch.store.sqlite;

import io.tidewatch.api.store.SampleBatch;
import java.nio.file.Path;
import java.time.Instant;

/** A way to keep samples in an SQLite file, for a comparison of what it costs. */
interface MeasuredLayout extends AutoCloseable {
    /** The database; its log is beside it. */
    Path file();

    /** Keeps a batch, in one transaction. */
    void append(SampleBatch batch) throws Exception;

    /**
     * Reads the oldest pending samples and remembers that they were delivered, in chunks as the uploader makes them.
     *
     * @return how many they were
     */
    int deliver(int most, Instant now) throws Exception;

    /** Copies the log into the database and cuts it. */
    void checkpoint() throws Exception;

    @Override
    void close() throws Exception;
}
