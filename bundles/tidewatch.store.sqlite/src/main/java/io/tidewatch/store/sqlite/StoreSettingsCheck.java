package io.tidewatch.store.sqlite;

import io.tidewatch.api.config.ConfigurationCheck;
import io.tidewatch.api.config.InvalidSettingException;
import io.tidewatch.api.config.SettingReader;
import io.tidewatch.api.config.WrittenSettings;
import java.util.List;

/** Validates {@code tidewatch.store.sqlite.cfg}. */
public final class StoreSettingsCheck implements ConfigurationCheck {
    /** Made by the configuration guard. */
    public StoreSettingsCheck() {}

    @Override
    public boolean concerns(String pid) {
        return pid.equals(SqliteStoreComponent.PID);
    }

    @Override
    public void check(WrittenSettings written, List<InvalidSettingException> problems) {
        ConfiguredStore.check(written.as(StoreConfig.class), new SettingReader(problems));
    }
}
