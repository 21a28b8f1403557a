package io.tidewatch.clockskew;

import io.tidewatch.api.config.ConfigurationCheck;
import io.tidewatch.api.config.InvalidSettingException;
import io.tidewatch.api.config.WrittenSettings;
import java.util.List;

/** Judges {@code tidewatch.clockskew.cfg}. */
public final class SkewSettingsCheck implements ConfigurationCheck {
    /** For whoever judges. */
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
