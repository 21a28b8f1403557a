package io.tidewatch.uploader.victoriametrics.tls;

import java.io.IOException;

/** A file with certificates or a key cannot be used; the message says which, why, and what to do. */
public final class TlsFileException extends IOException {
    private static final long serialVersionUID = 1L;

    public TlsFileException(String message) {
        super(message);
    }

    public TlsFileException(String message, Exception cause) {
        super(message, cause);
    }
}
