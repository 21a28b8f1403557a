package io.tidewatch.uploader.victoriametrics;

import io.tidewatch.api.config.ConfigurationCheck;
import io.tidewatch.api.config.InvalidSettingException;
import io.tidewatch.api.config.WrittenSettings;
import java.util.List;

/** Judges {@code tidewatch.uploader.victoriametrics.cfg}. */
public final class UploaderSettingsCheck implements ConfigurationCheck {
    /** For whoever judges. */
    public UploaderSettingsCheck() {}

    @Override
    public boolean concerns(String pid) {
        return pid.equals(Uploader.PID);
    }

    @Override
    public void check(WrittenSettings written, List<InvalidSettingException> problems) {
        UploaderSettings.read(written.as(Uploader.Config.class), problems);
    }
}
