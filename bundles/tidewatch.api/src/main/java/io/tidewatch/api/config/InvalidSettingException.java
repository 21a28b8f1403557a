package io.tidewatch.api.config;

/** A value that an operator wrote and the agent cannot use. The message is meant for the operator. */
public final class InvalidSettingException extends IllegalArgumentException {
    private static final long serialVersionUID = 1L;

    private final String key;
    private final String value;
    private final String accepted;

    /**
     * @param key the key as written in the .cfg
     * @param value the value as written
     * @param accepted what would be accepted, as the end of "expected …"
     */
    public InvalidSettingException(String key, String value, String accepted) {
        super(message(key, value, accepted));
        this.key = key;
        this.value = value;
        this.accepted = accepted;
    }

    /** What an operator reads. */
    public static String message(String key, String value, String accepted) {
        return "invalid " + key + " \"" + value + "\" (expected " + accepted + ")";
    }

    /** The key as written in the .cfg. */
    public String key() {
        return key;
    }

    /** The value as written. */
    public String value() {
        return value;
    }

    /** What would be accepted. */
    public String accepted() {
        return accepted;
    }
}
