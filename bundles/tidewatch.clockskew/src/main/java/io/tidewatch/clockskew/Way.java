package io.tidewatch.clockskew;

import io.tidewatch.api.config.Authority;
import io.tidewatch.api.delivery.DeliveryTarget;
import java.io.IOException;
import java.net.HttpURLConnection;
import java.net.URI;
import java.util.Locale;
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
        if (server == null || !isSameOrigin(url, server.url())) {
            return preparation -> direct(url, preparation);
        }
        String path = (url.getRawPath().isEmpty() ? "/" : url.getRawPath())
                + (url.getRawQuery() == null ? "" : "?" + url.getRawQuery());
        return preparation -> server.connect(path, preparation);
    }

    /** Whether both URLs have one origin (RFC 6454), so that secrets of one may be sent to the other. */
    static boolean isSameOrigin(URI one, URI other) {
        return origin(one).equals(origin(other));
    }

    private static String origin(URI url) {
        String scheme = url.getScheme().toLowerCase(Locale.ROOT);
        int usual = scheme.equals("https") ? 443 : 80;
        return Authority.of(url)
                .map(authority -> scheme + "://" + authority.host().toLowerCase(Locale.ROOT) + ":"
                        + (authority.port() < 0 ? usual : authority.port()))
                .orElse("");
    }

    private static HttpURLConnection direct(URI url, DeliveryTarget.Preparation preparation) throws IOException {
        HttpURLConnection connection = (HttpURLConnection) url.toURL().openConnection();
        connection.setRequestProperty("User-Agent", "tidewatch");
        preparation.prepare(connection);
        connection.connect();
        return connection;
    }
}
