package io.tidewatch.collector.disk;

import io.tidewatch.api.config.ConfigurationCheck;
import io.tidewatch.api.config.InvalidSettingException;
import io.tidewatch.api.config.SettingReader;
import io.tidewatch.api.config.WrittenSettings;
import java.util.List;

/** Validates {@code tidewatch.collector.disk.cfg}. */
public final class DiskSettingsCheck implements ConfigurationCheck {
    /** Made by the configuration guard. */
    public DiskSettingsCheck() {}

    @Override
    public boolean concerns(String pid) {
        return pid.equals("tidewatch.collector.disk");
    }

    @Override
    public void check(WrittenSettings written, List<InvalidSettingException> problems) {
        DiskCollector.Config config = written.as(DiskCollector.Config.class);
        DiskCollector.read(new SettingReader(problems), config.allowed_devices());
    }
}
