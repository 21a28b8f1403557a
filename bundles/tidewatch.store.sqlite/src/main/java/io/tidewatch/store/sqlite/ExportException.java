package io.tidewatch.store.sqlite;

/** The export cannot be written. The message says what an operator can do. */
final class ExportException extends Exception {
    private static final long serialVersionUID = 1L;

    ExportException(String message) {
        super(message);
    }

    ExportException(String message, Throwable cause) {
        super(message, cause);
    }
}
