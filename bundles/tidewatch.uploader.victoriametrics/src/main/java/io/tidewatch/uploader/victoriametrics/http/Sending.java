package io.tidewatch.uploader.victoriametrics.http;

import io.tidewatch.uploader.victoriametrics.settings.UploaderSettings;
import java.io.IOException;
import java.util.Optional;

/** Sends one chunk at a time; see {@link ImportClient}. */
public interface Sending {
    /** @see ImportClient#post */
    Reply post(UploaderSettings settings, Optional<String> deviceId, byte[] body, int length) throws IOException;

    /** Size of the head of the last request: its first line and its headers. For the thread that posts. */
    int headBytes();

    /** Whether there was a connection for the last request, so that it was sent at least in part. For the thread that posts. */
    boolean connected();
}
