package io.tidewatch.collector.textfile;

import io.tidewatch.api.config.ConfigurationCheck;
import io.tidewatch.api.config.InvalidSettingException;
import io.tidewatch.api.config.SettingReader;
import io.tidewatch.api.config.WrittenSettings;
import java.util.List;

/** Validates {@code tidewatch.collector.textfile-<name>.cfg}. */
public final class TextfileSettingsCheck implements ConfigurationCheck {
    /** Made by the configuration guard. */
    public TextfileSettingsCheck() {}

    @Override
    public boolean concerns(String pid) {
        return pid.equals(TextfileCollector.PID);
    }

    @Override
    public void check(WrittenSettings written, List<InvalidSettingException> problems) {
        TextfileSettings.read(written.as(TextfileCollector.Config.class), new SettingReader(problems));
    }
}
