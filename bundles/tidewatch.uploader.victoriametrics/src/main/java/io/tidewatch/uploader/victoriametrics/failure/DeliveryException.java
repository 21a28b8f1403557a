package io.tidewatch.uploader.victoriametrics.failure;

import java.io.IOException;
import org.jspecify.annotations.Nullable;

/** Thrown when a request fails for a known reason. The message is for the operator and contains no secret. */
public final class DeliveryException extends IOException {
    private static final long serialVersionUID = 1L;

    private final Reason reason;

    public DeliveryException(Reason reason, String message) {
        this(reason, message, null);
    }

    public DeliveryException(Reason reason, String message, @Nullable Exception cause) {
        super(message, cause);
        this.reason = reason;
    }

    public Reason reason() {
        return reason;
    }
}
