package io.tidewatch.uploader.victoriametrics.secrets;

import java.io.IOException;

/** A file with a secret is open to every user. The message is meant for the operator and holds nothing of the file. */
public final class ExposedSecretException extends IOException {
    private static final long serialVersionUID = 1L;

    public ExposedSecretException(String message) {
        super(message);
    }
}
