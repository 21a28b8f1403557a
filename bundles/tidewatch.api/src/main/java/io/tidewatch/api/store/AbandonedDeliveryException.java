package io.tidewatch.api.store;

import java.util.UUID;

/**
 * A delivery cannot be settled, since it is not the one under way: another one was handed out, or samples were moved or
 * made pending again. Its samples are still pending.
 */
public final class AbandonedDeliveryException extends IllegalArgumentException {
    private static final long serialVersionUID = 1;

    /** @param batchId of the delivery */
    public AbandonedDeliveryException(UUID batchId) {
        super("Delivery " + batchId + " is not the one under way");
    }
}
