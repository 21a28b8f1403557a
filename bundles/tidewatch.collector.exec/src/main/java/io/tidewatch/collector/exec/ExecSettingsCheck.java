package io.tidewatch.collector.exec;

import io.tidewatch.api.config.ConfigurationCheck;
import io.tidewatch.api.config.InvalidSettingException;
import io.tidewatch.api.config.SettingReader;
import io.tidewatch.api.config.WrittenSettings;
import java.util.List;

/** Validates {@code tidewatch.collector.exec-<name>.cfg}. */
public final class ExecSettingsCheck implements ConfigurationCheck {
    /** Made by the configuration guard. */
    public ExecSettingsCheck() {}

    @Override
    public boolean concerns(String pid) {
        return pid.equals(ExecCollector.PID);
    }

    @Override
    public void check(WrittenSettings written, List<InvalidSettingException> problems) {
        ExecSettings.read(written.as(ExecCollector.Config.class), new SettingReader(problems));
    }
}
