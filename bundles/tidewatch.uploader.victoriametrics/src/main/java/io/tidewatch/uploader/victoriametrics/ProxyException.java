package io.tidewatch.uploader.victoriametrics;

import java.io.IOException;

/** The proxy cannot be reached, or does not let a request through; the message says so without its password. */
final class ProxyException extends IOException {
    private static final long serialVersionUID = 1L;

    ProxyException(String message, IOException cause) {
        super(message, cause);
    }
}
