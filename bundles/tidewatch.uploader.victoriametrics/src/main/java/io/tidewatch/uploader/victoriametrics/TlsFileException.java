package io.tidewatch.uploader.victoriametrics;

import java.io.IOException;

/** A file with certificates or a key cannot be used; the message says which, why, and what to do. */
final class TlsFileException extends IOException {
    private static final long serialVersionUID = 1L;

    TlsFileException(String message) {
        super(message);
    }

    TlsFileException(String message, Exception cause) {
        super(message, cause);
    }
}
