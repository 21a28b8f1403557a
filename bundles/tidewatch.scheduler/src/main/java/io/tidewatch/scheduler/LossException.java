package io.tidewatch.scheduler;

/** A pass, or what it brought, is lost for a reason that the scheduler knows. */
final class LossException extends Exception {
    private static final long serialVersionUID = 1L;

    private final Loss loss;

    /** @param message one sentence that says what to do */
    LossException(Loss loss, String message) {
        super(message);
        this.loss = loss;
    }

    Loss loss() {
        return loss;
    }
}
