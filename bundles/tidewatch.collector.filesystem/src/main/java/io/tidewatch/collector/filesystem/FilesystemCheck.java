package io.tidewatch.collector.filesystem;

import io.tidewatch.api.collector.FilesystemSettings;
import io.tidewatch.api.config.SettingReader;
import io.tidewatch.api.config.SettingsCheck;

/** Validates {@code tidewatch.collector.filesystem.cfg}. */
public final class FilesystemCheck extends SettingsCheck<FilesystemCollector.Config> {
    public FilesystemCheck() {
        super(FilesystemCollector.PID, FilesystemCollector.Config.class, FilesystemCheck::read);
    }

    static FilesystemSettings read(FilesystemCollector.Config config, SettingReader reader) {
        return FilesystemSettings.read(reader, config.include(), config.exclude(), config.fstypes(), config.inodes());
    }
}
