package io.tidewatch.collector.textfile;

import io.tidewatch.api.config.Setting;
import io.tidewatch.api.config.SettingReader;
import io.tidewatch.exposition.PageSettings;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Optional;

/**
 * @param folder where the files are; empty if none is configured
 * @param page what of a file becomes samples
 * @param staleAfter age from which the samples of a file are left out; zero for never
 */
record TextfileSettings(Optional<Path> folder, PageSettings page, Duration staleAfter) {
    static TextfileSettings read(TextfileCollector.Config config, SettingReader reader) {
        return new TextfileSettings(
                reader.read("folder", config.folder(), TextfileSettings::folder, Optional.empty()),
                PageSettings.read(
                        reader,
                        config.include(),
                        config.exclude(),
                        config.labels(),
                        config.max_series(),
                        config.max_bytes(),
                        PageSettings.Length.OF_PAGE,
                        reader.read("timestamps", config.timestamps(), Setting::bool, true)),
                reader.read("stale.after", config.stale_after(), Setting::durationOrZero, Duration.ZERO));
    }

    private static Optional<Path> folder(String key, String value) {
        return Optional.of(Setting.absolutePath(key, value, "a folder with *.prom files"));
    }
}
