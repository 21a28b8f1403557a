package io.tidewatch.api.collector;

import io.tidewatch.api.config.NameFilter;
import io.tidewatch.api.config.NamePatterns;
import io.tidewatch.api.config.Setting;
import io.tidewatch.api.config.SettingReader;

/**
 * Which interfaces are reported by a collector {@code network}, whatever system it reads.
 *
 * @param filter by name
 * @param maxInterfaces how many at most
 */
public record NetworkSettings(NameFilter filter, int maxInterfaces) {
    /** Default of {@code exclude}: virtual interfaces, and modems, whose many names cost series. */
    public static final String EXCLUDE =
            "lo, docker.*, veth.*, br-.*, wlan.*mon, virbr.*, wwan.*, wwp.*, usb.*, enx[0-9a-f]{12}";

    /** Default of {@code max.interfaces}. */
    public static final String MAX_INTERFACES = "32";

    /** Eight samples each: more would not fit into a pass. */
    private static final int MOST_INTERFACES = 1000;

    /** Reads the keys {@code include}, {@code exclude} and {@code max.interfaces}; the defaults stand in for what is wrong. */
    public static NetworkSettings read(SettingReader reader, String include, String exclude, String maxInterfaces) {
        NameFilter defaults = new NameFilter(NamePatterns.parse("include", ""), NamePatterns.parse("exclude", EXCLUDE));
        return new NetworkSettings(
                NameFilter.read(reader, include, exclude, defaults),
                reader.read(
                        "max.interfaces",
                        maxInterfaces,
                        (key, value) -> Setting.integer(key, value, 1, MOST_INTERFACES),
                        Integer.parseInt(MAX_INTERFACES)));
    }
}
