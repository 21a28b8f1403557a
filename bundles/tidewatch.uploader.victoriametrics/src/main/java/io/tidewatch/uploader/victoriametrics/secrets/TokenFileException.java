package io.tidewatch.uploader.victoriametrics.secrets;

import java.io.IOException;

/** The token cannot be had. The message is meant for the operator and holds nothing of the file. */
public final class TokenFileException extends IOException {
    private static final long serialVersionUID = 1L;

    public TokenFileException(String message) {
        super(message);
    }
}
