package io.tidewatch.store.sqlite;

import java.time.Instant;
import org.osgi.framework.BundleContext;

/** What runs: the version of this bundle, and when it was built. */
record Release(String version, Instant built) {
    /** Header of the manifest with the moment of the build. */
    private static final String BUILT = "Tidewatch-Built";

    /** Of the running bundle. A property of the framework overrides the moment, for machines whose clock is made up. */
    static Release of(BundleContext context) {
        String property = context.getProperty("tidewatch.built");
        String built = property == null ? context.getBundle().getHeaders().get(BUILT) : property;
        return new Release(
                context.getBundle().getVersion().toString(), built == null ? Instant.EPOCH : Instant.parse(built));
    }
}
