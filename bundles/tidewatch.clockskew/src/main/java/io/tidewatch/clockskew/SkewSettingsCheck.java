package io.tidewatch.clockskew;

import io.tidewatch.api.config.ConfigurationCheck;
import io.tidewatch.api.config.InvalidSettingException;
import io.tidewatch.api.config.WrittenSettings;
import java.util.List;

/** Validates {@code tidewatch.clockskew.cfg}. */
public final class SkewSettingsCheck implements ConfigurationCheck {
    /** Made by the configuration guard. */
    public SkewSettingsCheck() {}

    @Override
    public boolean concerns(String pid) {
        return pid.equals(ClockSkew.PID);
    }

    @Override
    public void check(WrittenSettings written, List<InvalidSettingException> problems) {
        SkewSettings.read(written.as(ClockSkew.Config.class), problems);
    }
}
