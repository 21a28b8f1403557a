package io.tidewatch.uploader.victoriametrics;

import io.tidewatch.api.config.ConfigurationCheck;
import io.tidewatch.api.config.InvalidSettingException;
import io.tidewatch.api.config.WrittenSettings;
import io.tidewatch.uploader.victoriametrics.settings.UploaderConfig;
import io.tidewatch.uploader.victoriametrics.settings.UploaderSettings;
import java.util.List;

/** Validates {@code tidewatch.uploader.victoriametrics.cfg}. */
public final class UploaderSettingsCheck implements ConfigurationCheck {
    /** Made by the configuration guard. */
    public UploaderSettingsCheck() {}

    @Override
    public boolean concerns(String pid) {
        return pid.equals(UploaderConfig.PID);
    }

    @Override
    public void check(WrittenSettings written, List<InvalidSettingException> problems) {
        UploaderSettings.read(written.as(UploaderConfig.class), problems);
    }
}
