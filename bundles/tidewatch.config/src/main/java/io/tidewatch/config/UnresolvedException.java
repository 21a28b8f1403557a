package io.tidewatch.config;

/** A placeholder stands for nothing. The message is what would be accepted, as the end of "accepted: …". */
final class UnresolvedException extends Exception {
    private static final long serialVersionUID = 1L;

    UnresolvedException(String accepted) {
        super(accepted);
    }

    String accepted() {
        return String.valueOf(getMessage());
    }
}
