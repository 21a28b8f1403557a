package io.tidewatch.config;

import io.tidewatch.api.config.ConfigurationCheck;
import io.tidewatch.api.config.InvalidSettingException;
import io.tidewatch.api.config.NamePatterns;
import io.tidewatch.api.config.Setting;
import io.tidewatch.api.config.SettingReader;
import io.tidewatch.api.config.WrittenSettings;
import java.time.Duration;
import java.util.List;
import java.util.Set;

/** Validates {@code test.*}: an interval, a pattern, a proxy that is a secret, and two limits that belong together. */
public final class TestCheck implements ConfigurationCheck {
    @Override
    public boolean concerns(String pid) {
        return pid.startsWith("test.");
    }

    @Override
    public Set<String> keys() {
        return Set.of("interval");
    }

    @Override
    public void check(WrittenSettings written, List<InvalidSettingException> problems) {
        SettingReader reader = new SettingReader(problems);
        reader.read("interval", written.values().getOrDefault("interval", "1s"), Setting::duration, Duration.ZERO);
        reader.read("pattern", written.values().getOrDefault("pattern", ""), NamePatterns::parse, null);
        reader.read(
                "proxy",
                written.values().getOrDefault("proxy", "http://x"),
                (key, value) -> {
                    if (!value.startsWith("http")) {
                        throw new InvalidSettingException(key, value, "a URL");
                    }
                    return value;
                },
                "");
        reader.read(
                "low",
                written.values().getOrDefault("low", "5"),
                (key, value) -> Setting.integer(key, value, 0, 100),
                5);
        reader.read(
                "high",
                written.values().getOrDefault("high", "10"),
                (key, value) -> {
                    int low = Integer.parseInt(written.values().getOrDefault("low", "5"));
                    return Setting.integer(key, value, low, 100);
                },
                0);
    }
}
