package io.tidewatch.collector.oshi;

import io.tidewatch.api.config.NameFilter;
import io.tidewatch.api.config.NamePatterns;
import io.tidewatch.api.config.Setting;
import io.tidewatch.api.config.SettingReader;

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

    /** Reads the values as they stand in the .cfg; the defaults stand in for wrong ones. */
    static NetworkSettings read(SettingReader reader, String include, String exclude, String maxInterfaces) {
        return new NetworkSettings(
                new NameFilter(
                        reader.read("include", include, NamePatterns::parse, NamePatterns.parse("include", "")),
                        reader.read(
                                "exclude",
                                exclude,
                                NamePatterns::parse,
                                NamePatterns.parse("exclude", DEFAULT_EXCLUDE))),
                reader.read(
                        "max.interfaces",
                        maxInterfaces,
                        (key, value) -> Setting.integer(key, value, 1, MOST_INTERFACES),
                        DEFAULT_MAX_INTERFACES));
    }
}
