package io.tidewatch.process;

/** Thrown when a command did not end by itself, or did not begin. The message has the command and is for an operator. */
public final class NoAnswerException extends Exception {
    private static final long serialVersionUID = 1;

    public enum Reason {
        /** There is no such program. */
        NOT_INSTALLED,
        /** It could not be started. */
        NOT_STARTED,
        /** Those before it have taken all of the time. */
        NO_TIME,
        /** It was killed for its time. */
        TIMED_OUT,
        /** It was killed for the length of its output. */
        TOO_LONG,
        /** No one wants its answer any more. */
        CANCELLED
    }

    private final Reason reason;

    NoAnswerException(Reason reason, String message) {
        super(message);
        this.reason = reason;
    }

    public Reason reason() {
        return reason;
    }

    /** Returns the message, which is never null. */
    public String text() {
        return String.valueOf(getMessage());
    }
}
