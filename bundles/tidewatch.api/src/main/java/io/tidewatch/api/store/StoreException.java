package io.tidewatch.api.store;

/** The store cannot do what was asked; nothing was changed by the call. The message says what an operator can do. */
public final class StoreException extends Exception {
    private static final long serialVersionUID = 1L;

    /** @param message what failed, and what an operator can do */
    public StoreException(String message) {
        super(message);
    }

    /**
     * @param message what failed, and what an operator can do
     * @param cause why
     */
    public StoreException(String message, Throwable cause) {
        super(message, cause);
    }
}
