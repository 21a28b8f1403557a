package io.tidewatch.api.delivery;

import java.net.URI;
import java.util.Optional;
import org.osgi.annotation.versioning.ProviderType;

/**
 * The server that samples are delivered to, for components that talk to the same server with the same credentials.
 * Registered by the uploader while uploads are enabled; its values may change while it is registered.
 */
@ProviderType
public interface DeliveryTarget {
    /** The import URL without user info. */
    URI url();

    /** The bearer token, read afresh from its file at each call. A secret: never logged, never a service property. */
    Optional<String> bearerToken();
}
