package io.tidewatch.collector.oshi;

import io.tidewatch.api.config.ConfigurationCheck;
import io.tidewatch.api.config.InvalidSettingException;
import io.tidewatch.api.config.SettingReader;
import io.tidewatch.api.config.WrittenSettings;
import java.util.List;

/** Validates {@code tidewatch.collector.filesystem.cfg}. */
public final class FilesystemSettingsCheck implements ConfigurationCheck {
    /** Made by the configuration guard. */
    public FilesystemSettingsCheck() {}

    @Override
    public boolean concerns(String pid) {
        return pid.equals("tidewatch.collector.filesystem");
    }

    @Override
    public void check(WrittenSettings written, List<InvalidSettingException> problems) {
        FilesystemSettings.read(written.as(FilesystemCollector.Config.class), new SettingReader(problems));
    }
}
