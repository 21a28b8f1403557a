package io.tidewatch.scheduler;

import io.tidewatch.api.config.ConfigurationCheck;
import io.tidewatch.api.config.InvalidSettingException;
import io.tidewatch.api.config.SettingReader;
import io.tidewatch.api.config.WrittenSettings;
import java.util.HashMap;
import java.util.List;
import java.util.Set;

/** Validates how collectors are run, by the keys that all of their files have: {@code tidewatch.collector.<name>.cfg}. */
public final class CollectorSettingsCheck implements ConfigurationCheck {
    @Override
    public boolean concerns(String pid) {
        return pid.startsWith("tidewatch.collector.");
    }

    @Override
    public Set<String> keys() {
        return CollectorSettings.KEYS;
    }

    @Override
    public void check(WrittenSettings written, List<InvalidSettingException> problems) {
        CollectorSettings.read(new HashMap<>(written.values()), new SettingReader(problems));
    }
}
