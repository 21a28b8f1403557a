package io.tidewatch.collector.modem;

/** Thrown when mmcli gives no document. The message is for an operator. */
final class MmcliException extends Exception {
    private static final long serialVersionUID = 1;

    /** What that means for the pass. */
    enum Failure {
        /** The modem or bearer is not there any more. */
        GONE,
        /** The modem has nothing of the kind. */
        UNSUPPORTED,
        /** There is no mmcli. */
        NOT_INSTALLED,
        /** Nothing else will be answered either. */
        UNAVAILABLE,
        /** No answer in time. */
        TIMED_OUT,
        /** The collector goes away. */
        CANCELLED,
        /** This answer is missing. */
        FAILED
    }

    private final Failure failure;

    MmcliException(Failure failure, String message) {
        super(message);
        this.failure = failure;
    }

    /** Returns what it means for the pass. */
    Failure failure() {
        return failure;
    }

    /** Returns the message, which is never null. */
    String text() {
        return String.valueOf(getMessage());
    }
}
