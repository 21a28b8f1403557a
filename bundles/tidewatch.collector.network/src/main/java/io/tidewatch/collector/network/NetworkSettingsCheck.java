package io.tidewatch.collector.network;

import io.tidewatch.api.config.ConfigurationCheck;
import io.tidewatch.api.config.InvalidSettingException;
import io.tidewatch.api.config.SettingReader;
import io.tidewatch.api.config.WrittenSettings;
import java.util.List;

/** Validates {@code tidewatch.collector.network.cfg}. */
public final class NetworkSettingsCheck implements ConfigurationCheck {
    /** Made by the configuration guard. */
    public NetworkSettingsCheck() {}

    @Override
    public boolean concerns(String pid) {
        return pid.equals("tidewatch.collector.network");
    }

    @Override
    public void check(WrittenSettings written, List<InvalidSettingException> problems) {
        NetworkCollector.Config config = written.as(NetworkCollector.Config.class);
        NetworkSettings.read(new SettingReader(problems), config.include(), config.exclude(), config.max_interfaces());
    }
}
