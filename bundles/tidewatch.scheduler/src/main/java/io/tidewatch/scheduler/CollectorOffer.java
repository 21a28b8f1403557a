package io.tidewatch.scheduler;

import io.tidewatch.api.collector.Collector;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * A registered collector, which is created when it is first obtained: the view of an OSGi service for the core of the
 * scheduler.
 */
interface CollectorOffer {
    /** Identifies the offer; of two equal rankings the lower id, which is older, comes first. */
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
