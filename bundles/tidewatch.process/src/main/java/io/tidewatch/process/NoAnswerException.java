package io.tidewatch.process;

/** Thrown when a command has no answer: it did not end by itself, did not begin, or failed. The message is for an operator. */
public final class NoAnswerException extends Exception {
    private static final long serialVersionUID = 1;

    public enum Reason {
        /** There is no such program. */
        NOT_INSTALLED,
        /** It could not be started, or what it asks does not run, or may not be used by the agent. */
        UNAVAILABLE,
        /** Those before it have taken all of the time. */
        NO_TIME,
        /** It was killed for its time. */
        TIMED_OUT,
        /** It was killed for the length of its output. */
        TOO_LONG,
        /** No one wants its answer any more. */
        CANCELLED,
        /** It says that what it was asked about does not exist. */
        ABSENT,
        /** It failed, or printed something else. */
        FAILED
    }

    private final Reason reason;

    /** @param message has the command, and what to do */
    public NoAnswerException(Reason reason, String message) {
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
