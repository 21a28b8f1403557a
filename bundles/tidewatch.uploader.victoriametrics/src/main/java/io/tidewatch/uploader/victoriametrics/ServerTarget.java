package io.tidewatch.uploader.victoriametrics;

import io.tidewatch.api.delivery.DeliveryTarget;
import io.tidewatch.uploader.victoriametrics.failure.DeliveryException;
import io.tidewatch.uploader.victoriametrics.http.Connector;
import io.tidewatch.uploader.victoriametrics.http.ImportClient;
import io.tidewatch.uploader.victoriametrics.secrets.Credentials;
import io.tidewatch.uploader.victoriametrics.settings.UploaderSettings;
import java.io.IOException;
import java.net.HttpURLConnection;
import java.net.URI;
import java.util.List;
import java.util.Optional;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Where the samples go, and how one gets there, for others. Safe for use by several threads, which take turns.
 *
 * @param settings that have a url
 * @param connector makes the connections; not that of the uploads, which must not wait for others
 */
record ServerTarget(UploaderSettings settings, Connector connector, String userAgent) implements DeliveryTarget {
    private static final Logger LOG = LoggerFactory.getLogger(ServerTarget.class);

    /** The server, and how it is reached: what makes another target of a changed configuration. Holds secrets. */
    List<Object> way() {
        return List.of(settings.endpoint(), settings.tokenFile(), settings.tls(), settings.proxy(), settings.headers());
    }

    @Override
    public URI url() {
        return settings.requireEndpoint().url();
    }

    @Override
    public HttpURLConnection connect(String path, Preparation preparation) throws IOException {
        URI url = on(path);
        Optional<String> authorization = authorization();
        synchronized (connector) {
            return connector.connect(settings, url, connection -> {
                ImportClient.prepare(connection, userAgent, settings, authorization);
                preparation.prepare(connection);
            });
        }
    }

    /** Not by resolving, for which a path such as //host is another server. */
    private URI on(String path) {
        if (!path.startsWith("/")) {
            throw new IllegalArgumentException("Not a path: " + path);
        }
        return URI.create(url().getScheme() + "://" + url().getRawAuthority() + path);
    }

    private Optional<String> authorization() {
        try {
            return Credentials.authorization(settings);
        } catch (DeliveryException e) {
            // The uploader tells it in its health.
            LOG.debug("No token: {}", e.getMessage());
            return Optional.empty();
        }
    }

    /** Shows no secret. */
    @Override
    public String toString() {
        return settings.requireEndpoint().server();
    }
}
