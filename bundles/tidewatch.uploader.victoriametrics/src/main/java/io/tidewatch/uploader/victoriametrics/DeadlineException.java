package io.tidewatch.uploader.victoriametrics;

import java.io.IOException;

/** A request took longer than it may. */
final class DeadlineException extends IOException {
    private static final long serialVersionUID = 1L;

    DeadlineException(IOException cause) {
        super("The request took too long", cause);
    }
}
