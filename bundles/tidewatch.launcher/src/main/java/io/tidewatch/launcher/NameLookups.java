package io.tidewatch.launcher;

import java.security.Security;

/**
 * How long the JVM remembers what a name stands for. Its defaults, 30 s for an address and 10 s for a failure, would let
 * the uploader try a dead address again when the name has moved already, and go on failing when the network is back. Both
 * are security properties: java.security sets the second, so that the system property of the JDK has no effect.
 */
final class NameLookups {
    /** Shorter than the first wait before another attempt, long enough for the requests of one upload. */
    private static final int ADDRESS_SECONDS = 3;

    private static final int FAILURE_SECONDS = 1;

    private NameLookups() {}

    /** To be called before the first lookup: the JDK reads the properties once. */
    static void rememberBriefly() {
        Security.setProperty("networkaddress.cache.ttl", String.valueOf(ADDRESS_SECONDS));
        Security.setProperty("networkaddress.cache.negative.ttl", String.valueOf(FAILURE_SECONDS));
    }
}
