package io.tidewatch.api.config;

import java.util.Collections;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.regex.Pattern;

/** Labels as an operator writes them: {@code site=studio, rig=2}. */
public final class Labels {
    /** Far below the 16 KiB that VictoriaMetrics takes, and long enough for every host name (RFC 1035: 253). */
    public static final int LONGEST_VALUE = 256;

    private static final int MOST = 20;
    private static final String DEVICE_ID = "device_id";

    private Labels() {}

    /**
     * Reads {@code name=value} pairs separated by commas, blanks around each part ignored. {@code device_id} is refused: it
     * is the device's own.
     *
     * @param names which names are accepted
     * @param accepted which these are, as the end of "label names of …"
     * @return the labels by name, at most 20; empty for a blank text
     * @throws InvalidSettingException if they cannot be used
     */
    public static SortedMap<String, String> parse(String key, String text, Pattern names, String accepted) {
        SortedMap<String, String> labels = new TreeMap<>();
        for (String pair : text.isBlank() ? new String[0] : text.split(",", -1)) {
            int equals = pair.indexOf('=');
            if (equals < 0) {
                throw new InvalidSettingException(
                        key, text, "name=value pairs separated by commas, as in site=studio,rig=2");
            }
            String name = pair.substring(0, equals).strip();
            String value = pair.substring(equals + 1).strip();
            if (!names.matcher(name).matches() || name.equals(DEVICE_ID)) {
                throw new InvalidSettingException(
                        key, text, "label names of " + accepted + ", " + DEVICE_ID + " excepted; found '" + name + "'");
            }
            if (!isValue(value)) {
                throw new InvalidSettingException(
                        key, text, "label values of 1 to " + LONGEST_VALUE + " characters; see '" + name + "'");
            }
            if (labels.put(name, value) != null) {
                throw new InvalidSettingException(key, text, "every label once, '" + name + "' is there twice");
            }
        }
        if (labels.size() > MOST) {
            throw new InvalidSettingException(key, text, "at most " + MOST + " labels");
        }
        return Collections.unmodifiableSortedMap(labels);
    }

    /** Whether a text can be the value of a label: not empty, at most 256 characters, no control characters. */
    public static boolean isValue(String value) {
        return !value.isEmpty()
                && value.length() <= LONGEST_VALUE
                && value.chars().noneMatch(Character::isISOControl);
    }
}
