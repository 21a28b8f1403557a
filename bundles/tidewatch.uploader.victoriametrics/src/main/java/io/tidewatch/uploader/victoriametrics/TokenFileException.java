package io.tidewatch.uploader.victoriametrics;

import java.io.IOException;

/** The token cannot be had. The message is meant for the operator and holds nothing of the file. */
final class TokenFileException extends IOException {
    private static final long serialVersionUID = 1L;

    TokenFileException(String message) {
        super(message);
    }
}
