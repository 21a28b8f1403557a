package io.tidewatch.store.sqlite;

import io.tidewatch.api.store.SampleStore;
import io.tidewatch.store.sqlite.engine.SqliteStore;
import io.tidewatch.testing.store.SampleStoreContract;
import java.nio.file.Path;
import java.time.Clock;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.io.TempDir;

class SqliteStoreContractTest implements SampleStoreContract {
    @TempDir
    Path folder;

    private @Nullable SqliteStore store;
    private int opened;

    @Override
    public SampleStore emptyStore(Clock clock) throws Exception {
        close();
        store = TestStores.open(folder.resolve("metrics" + opened++ + ".db"), clock);
        return store;
    }

    @AfterEach
    void close() {
        if (store != null) {
            store.close();
        }
    }
}
