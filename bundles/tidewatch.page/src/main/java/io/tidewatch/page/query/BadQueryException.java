package io.tidewatch.page.query;

/** A request that cannot be answered as it stands; the message says what is accepted. */
public final class BadQueryException extends Exception {
    private static final long serialVersionUID = 1L;

    public BadQueryException(String message) {
        super(message);
    }
}
