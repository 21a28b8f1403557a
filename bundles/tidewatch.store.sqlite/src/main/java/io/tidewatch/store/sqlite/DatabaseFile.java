package io.tidewatch.store.sqlite;

import io.tidewatch.api.config.WrittenSettings;
import io.tidewatch.api.store.HistoryQuery;
import io.tidewatch.api.store.SampleHistory;
import io.tidewatch.api.store.Series;
import io.tidewatch.api.store.StoreException;
import io.tidewatch.store.sqlite.db.Failures;
import io.tidewatch.store.sqlite.db.Schema;
import io.tidewatch.store.sqlite.history.HistoryReader;
import io.tidewatch.store.sqlite.history.ReadOnlyDatabase;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Predicate;

/**
 * The database of an agent, for programs that run beside it: what is said of it in the configuration, and what is in it.
 * It is only read, whether the agent runs or not; without a database, with one that is none of ours or that cannot be read a
 * reading fails, and the message says what to do. Works without the framework. May be used by several threads.
 */
public final class DatabaseFile {
    public static final String PID = SqliteStoreComponent.PID;

    private final Path file;
    private final long minFree;

    private DatabaseFile(Path file, long minFree) {
        this.file = file;
        this.minFree = minFree;
    }

    /** A file, whatever is configured; free space is not asked for. */
    public static DatabaseFile at(Path file) {
        return new DatabaseFile(file, 0);
    }

    /**
     * What the configuration says; as in the agent, the default stands in for a value that cannot be used.
     *
     * @param values the values of {@value #PID} by key
     * @param stateFolder where a relative path starts
     */
    public static DatabaseFile configured(Map<String, String> values, Path stateFolder) {
        try {
            StoreConfig config = new WrittenSettings(values).as(StoreConfig.class);
            ConfiguredStore configured = ConfiguredStore.read(config, stateFolder);
            return new DatabaseFile(
                    configured.file(), configured.settings().bounds().minFree());
        } catch (StoreException e) {
            throw new IllegalStateException("Only a missing state folder is refused", e);
        }
    }

    /** The file; it need not exist. */
    public Path path() {
        return file;
    }

    /** Free space of the file system under which samples go, in bytes; 0: not looked at. */
    public long minFree() {
        return minFree;
    }

    /** Returns all series that it has. */
    public List<Series> series() throws StoreException {
        return new HistoryReader(file).series();
    }

    /** See {@link SampleHistory#read}. */
    public void read(HistoryQuery query, Predicate<Series> wanted, SampleHistory.Visitor visitor)
            throws StoreException, InterruptedException {
        new HistoryReader(file).read(query, wanted, visitor);
    }

    /** Returns the state in which the agent left it, or has it now. */
    public LastRun lastRun() throws StoreException {
        try (ReadOnlyDatabase database = ReadOnlyDatabase.open(file)) {
            return database.read(LastRun::read);
        }
    }

    /**
     * Reads the whole file and looks for damage (SQLite's {@code quick_check}, which leaves the indices out). Takes as long
     * as the medium does; so long an agent that runs cannot cut its write-ahead log.
     *
     * @return what is damaged, as SQLite says it; nothing if nothing is
     */
    public Optional<String> damage() throws StoreException {
        try (ReadOnlyDatabase database = ReadOnlyDatabase.open(file)) {
            String answer = database.read(connection -> Schema.check(connection, "quick_check"));
            return answer.equals("ok") ? Optional.empty() : Optional.of(answer);
        } catch (StoreException e) {
            Throwable cause = e.getCause();
            if (cause != null && Failures.isDamage(cause)) {
                return Optional.of(String.valueOf(cause.getMessage()));
            }
            throw e;
        }
    }
}
