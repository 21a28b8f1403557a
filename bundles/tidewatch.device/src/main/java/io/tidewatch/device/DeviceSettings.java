package io.tidewatch.device;

import io.tidewatch.api.config.InvalidSettingException;
import java.util.Collections;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/** Reads what an operator wrote about the device. */
final class DeviceSettings {
    static final int MOST_LABELS = 20;

    /** Far below the 16 KiB that VictoriaMetrics takes, and long enough for every host name (RFC 1035: 253). */
    static final int LONGEST_VALUE = 256;

    private static final Pattern LABEL = Pattern.compile("[a-z][a-z0-9_]{0,63}");
    private static final String DEVICE_ID = "device_id";

    private DeviceSettings() {}

    /**
     * The key {@code id}: not blank, at most 256 characters, no control characters.
     *
     * @param value as written; null if it is not
     * @return the id, or null for the host name
     * @throws InvalidSettingException if it cannot be used
     */
    static @Nullable String id(@Nullable String value) {
        if (value == null) {
            return null;
        }
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
}
