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
 * What an operator wrote about the device.
 *
 * @param id its id; empty: the host name
 * @param labels further labels, by name
 */
record DeviceSettings(Optional<String> id, SortedMap<String, String> labels) {
    static final DeviceSettings DEFAULT = new DeviceSettings(Optional.empty(), Collections.emptySortedMap());

    private static final Pattern LABEL = Pattern.compile("[a-z][a-z0-9_]{0,63}");
    private static final String NAMES = "a-z, 0-9 and _ that begin with a letter";

    /**
     * Reads both keys; the defaults stand in for what is wrong.
     *
     * @param id as written; null if it is not
     * @param labels as written
     */
    static DeviceSettings read(@Nullable String id, String labels, SettingReader reader) {
        return new DeviceSettings(
                Optional.ofNullable(id)
                        .flatMap(written ->
                                reader.read("id", written, (key, value) -> Optional.of(id(value)), Optional.empty())),
                reader.read("labels", labels, (key, value) -> labels(value), DEFAULT.labels));
    }

    /**
     * The key {@code id}: not blank, at most 256 characters, no control characters.
     *
     * @param value as written
     * @throws InvalidSettingException if it cannot be used
     */
    static String id(String value) {
        if (!Labels.isValue(value.strip())) {
            throw new InvalidSettingException(
                    "id", value, "1 to " + Labels.LONGEST_VALUE + " characters; leave the key out for the host name");
        }
        return value.strip();
    }

    /**
     * The key {@code labels}.
     *
     * @throws InvalidSettingException if they cannot be used
     */
    static SortedMap<String, String> labels(String text) {
        return Labels.parse("labels", text, LABEL, NAMES);
    }

    public static final class Check extends SettingsCheck<DeviceComponent.Config> {
        /** Made by the configuration guard. */
        public Check() {
            super(
                    "tidewatch.device",
                    DeviceComponent.Config.class,
                    (config, reader) -> read(config.id(), config.labels(), reader));
        }
    }
}
