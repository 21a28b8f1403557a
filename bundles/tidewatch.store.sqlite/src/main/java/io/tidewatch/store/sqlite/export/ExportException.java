package io.tidewatch.store.sqlite.export;

/** The export cannot be written. The message says what an operator can do. */
public final class ExportException extends Exception {
    private static final long serialVersionUID = 1L;

    public ExportException(String message) {
        super(message);
    }

    public ExportException(String message, Throwable cause) {
        super(message, cause);
    }
}
