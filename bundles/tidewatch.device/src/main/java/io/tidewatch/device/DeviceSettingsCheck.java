package io.tidewatch.device;

import io.tidewatch.api.config.ConfigurationCheck;
import io.tidewatch.api.config.InvalidSettingException;
import io.tidewatch.api.config.SettingReader;
import io.tidewatch.api.config.WrittenSettings;
import java.util.List;
import java.util.TreeMap;

/** Validates {@code tidewatch.device.cfg}. */
public final class DeviceSettingsCheck implements ConfigurationCheck {
    /** Made by the configuration guard. */
    public DeviceSettingsCheck() {}

    @Override
    public boolean concerns(String pid) {
        return pid.equals("tidewatch.device");
    }

    @Override
    public void check(WrittenSettings written, List<InvalidSettingException> problems) {
        DeviceComponent.Config config = written.as(DeviceComponent.Config.class);
        SettingReader reader = new SettingReader(problems);
        String id = config.id();
        if (id != null) {
            reader.read("id", id, (key, value) -> String.valueOf(DeviceSettings.id(value)), id);
        }
        reader.read("labels", config.labels(), (key, value) -> DeviceSettings.labels(value), new TreeMap<>());
    }
}
