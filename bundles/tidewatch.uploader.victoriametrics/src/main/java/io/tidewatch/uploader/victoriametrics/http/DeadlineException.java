package io.tidewatch.uploader.victoriametrics.http;

import java.io.IOException;

/** A request took longer than it may. */
public final class DeadlineException extends IOException {
    private static final long serialVersionUID = 1L;

    public DeadlineException(IOException cause) {
        super("The request took too long", cause);
    }
}
