package io.tidewatch.api.delivery;

import java.io.IOException;
import java.net.HttpURLConnection;
import java.net.URI;
import org.osgi.annotation.versioning.ProviderType;

/**
 * The server that samples are delivered to, for components that talk to the same server in the same way. Registered by
 * the uploader while uploads are enabled; another server, or another way to it, is another service.
 *
 * <p>Threads: every method may be called from any thread.
 */
@ProviderType
public interface DeliveryTarget {
    /** Prepares a connection before it is made. */
    @FunctionalInterface
    interface Preparation {
        /**
         * Sets method, timeouts and headers, but not the header Authorization. Called once for each address that is
         * tried: only the last connection is made.
         *
         * @throws IOException to give up
         */
        void prepare(HttpURLConnection connection) throws IOException;
    }

    /** The import URL without user info. */
    URI url();

    /**
     * Connects to this server as the uploads do: with their certificates, proxy, headers and token, all read afresh. A
     * token that cannot be read is left out. Redirects are not followed. The connection is ready for the request, so that
     * what it took to make it (TLS, a tunnel through a proxy) is over.
     *
     * <p>Blocks until the connection is made or the timeouts of the preparation have passed for each address of the
     * server, and while another caller connects. A target that is unregistered during a call works until the call
     * ends.
     *
     * @param path path on this server, with its query, both encoded; begins with a slash. Nothing in it leads elsewhere
     * @param preparation comes last, so that it may overwrite timeouts and headers
     * @return connected; to be closed by {@link HttpURLConnection#disconnect}
     * @throws IOException if no connection can be made, the certificates of the configuration included
     */
    HttpURLConnection connect(String path, Preparation preparation) throws IOException;
}
