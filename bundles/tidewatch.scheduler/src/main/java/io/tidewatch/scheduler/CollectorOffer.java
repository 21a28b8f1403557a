package io.tidewatch.scheduler;

import io.tidewatch.api.collector.Collector;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * A collector that somebody offers and that may not even exist yet: it is made when it is first obtained. What the core
 * of the scheduler sees of an OSGi service.
 */
interface CollectorOffer {
    /** Tells offers apart; of two equal rankings the lower id, which is older, comes first. */
    long id();

    /** The higher runs. */
    int ranking();

    /** The properties as of now. */
    Map<String, Object> properties();

    /** Symbolic name and version of the bundle that offers it. */
    String bundle();

    /** The class loader of that bundle; the scheduler's own once it is gone. */
    ClassLoader classLoader();

    /** Foreign code: makes the collector if need be. Null if that failed or it is gone. */
    @Nullable
    Collector obtain();

    /** Foreign code: no longer wanted. Called once per successful {@link #obtain}. */
    void release();
}
