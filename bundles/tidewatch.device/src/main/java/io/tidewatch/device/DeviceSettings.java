package io.tidewatch.device;

import io.tidewatch.api.config.InvalidSettingException;
import io.tidewatch.api.config.SettingReader;
import io.tidewatch.api.config.SettingsCheck;
import java.util.Collections;
import java.util.Optional;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * What an operator wrote about the device.
 *
 * @param id its id; empty: the host name
 * @param labels further labels, by name
 */
record DeviceSettings(Optional<String> id, SortedMap<String, String> labels) {
    static final DeviceSettings DEFAULT = new DeviceSettings(Optional.empty(), new TreeMap<>());

    static final int MOST_LABELS = 20;

    /** Far below the 16 KiB that VictoriaMetrics takes, and long enough for every host name (RFC 1035: 253). */
    static final int LONGEST_VALUE = 256;

    private static final Pattern LABEL = Pattern.compile("[a-z][a-z0-9_]{0,63}");
    private static final String DEVICE_ID = "device_id";

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
        if (!isValue(value.strip())) {
            throw new InvalidSettingException(
                    "id", value, "1 to " + LONGEST_VALUE + " characters; leave the key out for the host name");
        }
        return value.strip();
    }

    /**
     * The key {@code labels}: {@code name=value} pairs separated by commas, blanks around each part ignored.
     *
     * @return the labels by name; empty for an empty text
     * @throws InvalidSettingException if they cannot be used
     */
    static SortedMap<String, String> labels(String text) {
        SortedMap<String, String> labels = new TreeMap<>();
        if (text.isBlank()) {
            return labels;
        }
        for (String pair : text.split(",", -1)) {
            int equals = pair.indexOf('=');
            if (equals < 0) {
                throw refused(text, "name=value pairs separated by commas, as in site=studio,rig=2");
            }
            String name = pair.substring(0, equals).strip();
            String value = pair.substring(equals + 1).strip();
            if (!LABEL.matcher(name).matches() || name.equals(DEVICE_ID)) {
                throw refused(
                        text, "label names of a-z, 0-9 and _ that begin with a letter, " + DEVICE_ID + " excepted");
            }
            if (!isValue(value)) {
                throw refused(text, "label values of 1 to " + LONGEST_VALUE + " characters");
            }
            if (labels.put(name, value) != null) {
                throw refused(text, "every label once, '" + name + "' is there twice");
            }
        }
        if (labels.size() > MOST_LABELS) {
            throw refused(text, "at most " + MOST_LABELS + " labels");
        }
        return Collections.unmodifiableSortedMap(labels);
    }

    /** Whether a text can be the value of a label: not empty, not too long, no control characters. */
    static boolean isValue(String value) {
        return !value.isEmpty()
                && value.length() <= LONGEST_VALUE
                && value.chars().noneMatch(Character::isISOControl);
    }

    private static InvalidSettingException refused(String text, String accepted) {
        return new InvalidSettingException("labels", text, accepted);
    }

    /** Validates {@code tidewatch.device.cfg}. */
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
