package io.tidewatch.collector.scrape;

import io.tidewatch.api.config.ConfigurationCheck;
import io.tidewatch.api.config.InvalidSettingException;
import io.tidewatch.api.config.SettingReader;
import io.tidewatch.api.config.WrittenSettings;
import java.util.List;

/** Validates {@code tidewatch.collector.scrape-<name>.cfg}. */
public final class ScrapeSettingsCheck implements ConfigurationCheck {
    /** Made by the configuration guard. */
    public ScrapeSettingsCheck() {}

    @Override
    public boolean concerns(String pid) {
        return pid.equals("tidewatch.collector.scrape");
    }

    @Override
    public void check(WrittenSettings written, List<InvalidSettingException> problems) {
        ScrapeSettings.read(new SettingReader(problems), written.as(ScrapeCollector.Config.class));
    }
}
