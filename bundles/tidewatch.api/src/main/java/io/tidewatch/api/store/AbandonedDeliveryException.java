package io.tidewatch.api.store;

import java.util.UUID;

/**
 * Thrown when a delivery cannot be completed, since it is no longer in flight: another one was requested, or samples were
 * moved or marked for resend. Its samples are still pending.
 */
public final class AbandonedDeliveryException extends IllegalArgumentException {
    private static final long serialVersionUID = 1;

    /** @param batchId of the delivery */
    public AbandonedDeliveryException(UUID batchId) {
        super("Delivery " + batchId + " is no longer in flight");
    }
}
