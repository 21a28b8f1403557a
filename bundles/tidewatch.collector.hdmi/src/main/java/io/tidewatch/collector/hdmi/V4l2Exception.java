package io.tidewatch.collector.hdmi;

/** Thrown when v4l2-ctl gives no answer. The message is for an operator. */
final class V4l2Exception extends Exception {
    private static final long serialVersionUID = 1;

    /** What that means for the pass. */
    enum Failure {
        /** The program or a right is missing, which an operator adds once. */
        NOT_SET_UP,
        /** The answer is not needed any more. */
        CANCELLED,
        /** This answer is missing. */
        FAILED
    }

    private final Failure failure;

    V4l2Exception(Failure failure, String message) {
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
