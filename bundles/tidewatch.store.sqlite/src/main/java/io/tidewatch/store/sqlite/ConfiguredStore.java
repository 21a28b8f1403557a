package io.tidewatch.store.sqlite;

import io.tidewatch.api.config.InvalidSettingException;
import io.tidewatch.api.config.Setting;
import io.tidewatch.api.config.SettingReader;
import io.tidewatch.api.config.SettingsCheck;
import io.tidewatch.api.store.StoreException;
import io.tidewatch.store.sqlite.db.Bounds;
import io.tidewatch.store.sqlite.db.StoreSettings;
import java.nio.file.InvalidPathException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * The configuration as an operator wrote it, with the default in place of each value that cannot be used.
 *
 * @param ringSamples how many samples wait in memory while the disk takes none
 * @param exclusive whether the database is locked against other programs ({@code readers = none})
 * @param problems one sentence per value that cannot be used
 */
record ConfiguredStore(Path file, long ringSamples, boolean exclusive, StoreSettings settings, List<String> problems) {
    private static final int RING_SAMPLES = 20_000;
    private static final int MOST_RING_SAMPLES = 1_000_000;
    private static final int FEWEST_SERIES = 100;
    private static final int MOST_SERIES = 1_000_000;
    private static final long SMALLEST_STORE = 1 << 20;
    private static final String DEFAULT_NAME = "metrics.db";

    /** @throws StoreException if the path is relative, or left to the default, and there is no state folder */
    static ConfiguredStore read(StoreConfig config, @Nullable Path stateFolder) throws StoreException {
        List<InvalidSettingException> problems = new ArrayList<>();
        ConfiguredStore read = read(config, new SettingReader(problems));
        if (!read.file().isAbsolute() && stateFolder == null) {
            throw new StoreException("There is no folder for the database: start the agent with bin/tidewatch, which"
                    + " sets the property tidewatch.state, or write an absolute path in " + SqliteStoreComponent.PID
                    + ".cfg");
        }
        return new ConfiguredStore(
                stateFolder == null ? read.file() : stateFolder.resolve(read.file()),
                read.ringSamples(),
                read.exclusive(),
                read.settings(),
                problems.stream()
                        .map(problem -> SqliteStoreComponent.PID + ".cfg: " + problem.getMessage())
                        .toList());
    }

    /** Validates the configuration, wherever the database is; the path may be relative. */
    private static ConfiguredStore read(StoreConfig config, SettingReader reader) {
        long ringSamples =
                reader.read("ring.samples", config.ring_samples(), ConfiguredStore::ringSamples, RING_SAMPLES);
        Path path = reader.read("path", config.path(), ConfiguredStore::path, Path.of(DEFAULT_NAME));
        boolean exclusive = reader.read("readers", config.readers(), ConfiguredStore::exclusive, false);
        return new ConfiguredStore(path, ringSamples, exclusive, settings(config, reader), List.of());
    }

    private static StoreSettings settings(StoreConfig config, SettingReader reader) {
        StoreSettings defaults = StoreSettings.DEFAULTS;
        // A pass waits for its commit, until its timeout.
        Duration commitDelay = reader.read(
                "commit.delay",
                config.commit_delay(),
                (key, text) -> Setting.duration(key, text, "0s", "2s"),
                defaults.commitDelay());
        Duration syncInterval = reader.read(
                "sync.interval",
                config.sync_interval(),
                (key, text) -> Setting.duration(key, text, "1ms", "1d"),
                defaults.syncInterval());
        Duration checkpointInterval = reader.read(
                "wal.checkpoint.interval",
                config.wal_checkpoint_interval(),
                (key, text) -> Setting.duration(key, text, "1ms", "30d"),
                defaults.checkpointInterval());
        long checkpointSize = reader.read(
                "wal.checkpoint.size",
                config.wal_checkpoint_size(),
                (key, text) -> sizeOfAtLeast(1, "a size above zero such as 64MiB", key, text),
                defaults.checkpointSize());
        Bounds usual = defaults.bounds();
        Duration historyRetention = reader.read(
                "history.retention", config.history_retention(), Setting::durationOrZero, usual.historyRetention());
        Duration pendingRetention = reader.read(
                "pending.retention", config.pending_retention(), Setting::duration, usual.pendingRetention());
        int maxSeries =
                reader.read("max.series", config.max_series(), ConfiguredStore::maxSeries, defaults.maxSeries());
        long maxSize = reader.read(
                "max.size",
                config.max_size(),
                (key, text) -> sizeOfAtLeast(SMALLEST_STORE, "a size of at least 1MiB, such as 500MiB", key, text),
                usual.maxSize());
        long minFree = reader.read("min.free", config.min_free(), Setting::size, usual.minFree());
        return new StoreSettings(
                commitDelay,
                syncInterval,
                checkpointInterval,
                checkpointSize,
                maxSeries,
                new Bounds(historyRetention, pendingRetention, maxSize, minFree, usual.interval()));
    }

    private static long sizeOfAtLeast(long least, String accepted, String key, String text) {
        long size = Setting.size(key, text);
        if (size < least) {
            throw new InvalidSettingException(key, text, accepted);
        }
        return size;
    }

    private static int maxSeries(String key, String text) {
        return Setting.integer(key, text, FEWEST_SERIES, MOST_SERIES);
    }

    private static boolean exclusive(String key, String text) {
        return switch (text.strip()) {
            case "shared" -> false;
            case "none" -> true;
            default -> throw new InvalidSettingException(key, text, "shared or none");
        };
    }

    private static int ringSamples(String key, String text) {
        return Setting.integer(key, text, 0, MOST_RING_SAMPLES);
    }

    private static Path path(String key, String text) {
        if (text.isBlank()) {
            return Path.of(DEFAULT_NAME);
        }
        try {
            Path path = Path.of(text.strip());
            if (path.getFileName() == null) {
                throw new InvalidSettingException(key, text, "the path of a file");
            }
            return path;
        } catch (InvalidPathException e) {
            throw new InvalidSettingException(key, text, "the path of a file");
        }
    }

    /** Validates {@code tidewatch.store.sqlite.cfg}. */
    public static final class Check extends SettingsCheck<StoreConfig> {
        /** Made by the configuration guard. */
        public Check() {
            super(SqliteStoreComponent.PID, StoreConfig.class, ConfiguredStore::read);
        }
    }
}
