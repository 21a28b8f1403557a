package io.tidewatch.uploader.victoriametrics;

import io.tidewatch.api.delivery.DeliveryTarget;
import java.net.URI;
import java.nio.file.Path;
import java.util.Optional;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Where the samples go, for others.
 *
 * @param url the import URL
 * @param tokenFile file with the token
 */
record ServerTarget(URI url, Optional<Path> tokenFile) implements DeliveryTarget {
    private static final Logger LOG = LoggerFactory.getLogger(ServerTarget.class);

    @Override
    public Optional<String> bearerToken() {
        if (tokenFile.isEmpty()) {
            return Optional.empty();
        }
        try {
            return Optional.of(TokenFile.read(tokenFile.get()));
        } catch (ExposedSecretException | TokenFileException e) {
            // The uploader tells it in its health.
            LOG.debug("No token: {}", e.getMessage());
            return Optional.empty();
        }
    }
}
