package io.tidewatch.api.collector;

import java.util.List;
import org.osgi.annotation.versioning.ConsumerType;

/**
 * A collector that keeps the values it can read when a part of its source is damaged, and reports that part. Each damaged
 * or limited subject is logged once until it can be read again, counted in every pass as {@code damaged_source} or
 * {@code limited}, and shown in health; a pass that returns damage and no samples fails. Notes are shown in health alone.
 * Registered as a service under {@link Collector}. {@link SourceCollector} is the short form.
 */
@ConsumerType
public interface DiagnosticCollector extends Collector {
    /**
     * What the newest pass found out about the source; empty if there is nothing to report. Called on the thread of the pass
     * right after {@link #collect()} returned.
     */
    List<Diagnostic> diagnostics();
}
