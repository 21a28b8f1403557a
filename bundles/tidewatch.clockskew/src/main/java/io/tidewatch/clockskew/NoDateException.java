package io.tidewatch.clockskew;

import java.io.IOException;

/** A server has answered, but not so that its clock can be told. */
final class NoDateException extends IOException {
    private static final long serialVersionUID = 1;

    NoDateException(String message) {
        super(message);
    }
}
