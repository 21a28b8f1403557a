package io.tidewatch.uploader.victoriametrics.settings;

import java.io.IOException;

/** The proxy cannot be reached, or does not let a request through; the message says so without its password. */
public final class ProxyException extends IOException {
    private static final long serialVersionUID = 1L;

    public ProxyException(String message, IOException cause) {
        super(message, cause);
    }
}
