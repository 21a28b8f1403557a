package io.tidewatch.health;

import io.tidewatch.api.config.ConfigurationCheck;
import io.tidewatch.api.config.InvalidSettingException;
import io.tidewatch.api.config.SettingReader;
import io.tidewatch.api.config.WrittenSettings;
import java.util.List;

/** Validates {@code tidewatch.health.cfg}. */
public final class HealthSettingsCheck implements ConfigurationCheck {
    /** Made by the configuration guard. */
    public HealthSettingsCheck() {}

    @Override
    public boolean concerns(String pid) {
        return pid.equals(HealthSettings.PID);
    }

    @Override
    public void check(WrittenSettings written, List<InvalidSettingException> problems) {
        HealthSettings.Config config = written.as(HealthSettings.Config.class);
        SettingReader reader = new SettingReader(problems);
        HealthSettings.rules(config, reader);
        HealthSettings.address(config, reader);
    }
}
