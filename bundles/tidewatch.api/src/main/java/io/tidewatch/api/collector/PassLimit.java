package io.tidewatch.api.collector;

import io.tidewatch.api.config.Setting;
import io.tidewatch.api.config.SettingReader;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Map;

/** How long a collector may take, by its service properties. */
public final class PassLimit {
    private static final Duration MARGIN = Duration.ofSeconds(1);

    private PassLimit() {}

    /**
     * Returns the timeout: that of the .cfg, else the collector's own. A value that cannot be read counts as absent; the
     * scheduler reports it.
     *
     * @param properties service properties, or those of the component
     * @param otherwise the timeout without any
     */
    public static Duration timeout(Map<String, ?> properties, Duration otherwise) {
        Duration own = read(properties, CollectorProperties.PREFIX_ + "timeout", otherwise);
        return read(properties, "timeout", own);
    }

    /**
     * Returns when a collector gives up by itself, so that it can still report that: a second before the timeout, or after half
     * of a timeout below two seconds.
     */
    public static Duration beforeTimeout(Map<String, ?> properties, Duration otherwise) {
        Duration timeout = timeout(properties, otherwise);
        Duration half = timeout.dividedBy(2);
        return timeout.minus(half.compareTo(MARGIN) < 0 ? half : MARGIN);
    }

    private static Duration read(Map<String, ?> properties, String key, Duration otherwise) {
        return properties.get(key) instanceof String text
                ? new SettingReader(new ArrayList<>()).read(key, text, Setting::duration, otherwise)
                : otherwise;
    }
}
