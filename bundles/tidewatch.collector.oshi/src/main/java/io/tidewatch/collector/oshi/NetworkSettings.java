package io.tidewatch.collector.oshi;

import io.tidewatch.api.config.NameFilter;
import io.tidewatch.api.config.NamePatterns;
import io.tidewatch.api.config.Setting;
import io.tidewatch.api.config.SettingReader;
import io.tidewatch.api.config.SettingsCheck;

/**
 * Which interfaces are reported. The defaults are those of the collector on /proc.
 *
 * @param filter by name
 * @param maxInterfaces how many at most
 */
record NetworkSettings(NameFilter filter, int maxInterfaces) {
    static final String DEFAULT_EXCLUDE =
            "lo, docker.*, veth.*, br-.*, wlan.*mon, virbr.*, wwan.*, wwp.*, usb.*, enx[0-9a-f]{12}";
    static final int DEFAULT_MAX_INTERFACES = 32;
    private static final int MOST_INTERFACES = 1000;

    /** Reads the configuration; the defaults stand in for what is wrong. */
    static NetworkSettings read(NetworkCollector.Config config, SettingReader reader) {
        NameFilter defaults =
                new NameFilter(NamePatterns.parse("include", ""), NamePatterns.parse("exclude", DEFAULT_EXCLUDE));
        return new NetworkSettings(
                NameFilter.read(reader, config.include(), config.exclude(), defaults),
                reader.read(
                        "max.interfaces",
                        config.max_interfaces(),
                        (key, value) -> Setting.integer(key, value, 1, MOST_INTERFACES),
                        DEFAULT_MAX_INTERFACES));
    }

    /** Validates {@code tidewatch.collector.network.cfg}. */
    public static final class Check extends SettingsCheck<NetworkCollector.Config> {
        /** Made by the configuration guard. */
        public Check() {
            super("tidewatch.collector.network", NetworkCollector.Config.class, NetworkSettings::read);
        }
    }
}
