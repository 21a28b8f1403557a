package io.tidewatch.scheduler;

import org.jspecify.annotations.Nullable;

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

    /** What a collector returned, or a part of it, unless it is null. */
    static <T> T unlessNull(@Nullable T returned, String isNull) throws LossException {
        if (returned == null) {
            throw new LossException(Loss.INVALID_RESULT, isNull);
        }
        return returned;
    }
}
