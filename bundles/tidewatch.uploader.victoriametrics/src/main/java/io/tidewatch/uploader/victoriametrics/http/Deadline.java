package io.tidewatch.uploader.victoriametrics.http;

import java.io.IOException;
import java.net.HttpURLConnection;
import org.jspecify.annotations.Nullable;

/** Ends a request that takes too long, on whichever connection it is by then. Safe for use by several threads. */
final class Deadline implements Runnable {
    private volatile @Nullable HttpURLConnection connection;
    private volatile boolean passed;
    private volatile boolean aborted;

    /** Goes over to another connection. */
    void watch(HttpURLConnection next) throws IOException {
        connection = next;
        if (passed || aborted) {
            throw new IOException("No time is left for another address");
        }
    }

    /** Whether the time is over. */
    boolean passed() {
        return passed;
    }

    /** Whether the request was aborted before its time was over. */
    boolean aborted() {
        return aborted && !passed;
    }

    /** Ends the request before its time is over. */
    void abort() {
        aborted = true;
        disconnect();
    }

    /** Closes the connection, if there is one yet. */
    void disconnect() {
        HttpURLConnection watched = connection;
        if (watched != null) {
            watched.disconnect();
        }
    }

    @Override
    public void run() {
        passed = true;
        disconnect();
    }
}
