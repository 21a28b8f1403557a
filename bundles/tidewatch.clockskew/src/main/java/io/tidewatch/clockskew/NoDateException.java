package io.tidewatch.clockskew;

import java.io.IOException;
import org.jspecify.annotations.Nullable;

/** A server has answered, but not so that its clock can be told. */
final class NoDateException extends IOException {
    private static final long serialVersionUID = 1;

    NoDateException(String message, @Nullable Throwable cause) {
        super(message, cause);
    }
}
