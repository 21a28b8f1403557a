package io.tidewatch.device;

import io.tidewatch.api.config.InvalidSettingException;
import io.tidewatch.api.config.Labels;
import io.tidewatch.api.config.SettingReader;
import io.tidewatch.api.config.SettingsCheck;
import java.util.Collections;
import java.util.Optional;
import java.util.SortedMap;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * @param id its id; empty: the host name
 * @param labels further labels, by name
 */
record DeviceSettings(Optional<String> id, SortedMap<String, String> labels) {
    static final DeviceSettings DEFAULT = new DeviceSettings(Optional.empty(), Collections.emptySortedMap());

    private static final Pattern LABEL = Pattern.compile("[a-z][a-z0-9_]{0,63}");

    static DeviceSettings read(@Nullable String id, String labels, SettingReader reader) {
        return new DeviceSettings(
                Optional.ofNullable(id)
                        .flatMap(written ->
                                reader.read("id", written, (key, value) -> Optional.of(id(value)), Optional.empty())),
                reader.read("labels", labels, (key, value) -> labels(value), DEFAULT.labels));
    }

    /** @throws InvalidSettingException if the value is blank, has more than 256 characters, or control characters */
    static String id(String value) {
        if (!Labels.isValue(value.strip())) {
            throw new InvalidSettingException(
                    "id", value, "1 to " + Labels.LONGEST_VALUE + " characters; leave the key out for the host name");
        }
        return value.strip();
    }

    static SortedMap<String, String> labels(String text) {
        return Labels.parse("labels", text, LABEL, "a-z, 0-9 and _ that begin with a letter");
    }

    public static final class Check extends SettingsCheck<DeviceComponent.Config> {
        public Check() {
            super(
                    "tidewatch.device",
                    DeviceComponent.Config.class,
                    (config, reader) -> read(config.id(), config.labels(), reader));
        }
    }
}
