package io.tidewatch.clockskew;

import io.tidewatch.api.delivery.DeliveryTarget;
import java.io.IOException;
import java.net.HttpURLConnection;
import java.net.URI;
import java.net.URISyntaxException;
import org.jspecify.annotations.Nullable;

/** How a page of a server is reached. */
@FunctionalInterface
interface Way {
    /**
     * Connects.
     *
     * @param preparation is told of each connection that is tried, before it is made
     */
    HttpURLConnection connect(DeliveryTarget.Preparation preparation) throws IOException;

    /**
     * The way to a page: that of the uploads if it is on their server, with their certificates, proxy, headers and token;
     * else a direct one, which is told no secret.
     *
     * @param server the server of the uploads, or null
     */
    static Way to(URI url, @Nullable DeliveryTarget server) {
        if (server == null || !Origin.of(url).equals(Origin.of(server.url()))) {
            return preparation -> direct(url, preparation);
        }
        String path = (url.getRawPath().isEmpty() ? "/" : url.getRawPath())
                + (url.getRawQuery() == null ? "" : "?" + url.getRawQuery());
        return preparation -> server.connect(path, preparation);
    }

    /** The health page of the server of the uploads; null if there is none. */
    static @Nullable URI healthPage(@Nullable DeliveryTarget server) {
        try {
            return server == null ? null : Origin.healthPage(server.url());
        } catch (URISyntaxException e) {
            return null;
        }
    }

    private static HttpURLConnection direct(URI url, DeliveryTarget.Preparation preparation) throws IOException {
        HttpURLConnection connection = (HttpURLConnection) url.toURL().openConnection();
        connection.setRequestProperty("User-Agent", "tidewatch");
        preparation.prepare(connection);
        connection.connect();
        return connection;
    }
}
