package io.tidewatch.api.collector;

import java.util.List;
import org.osgi.annotation.versioning.ConsumerType;

/**
 * A {@link DiagnosticCollector} with the diagnostics of its pass.
 *
 * <pre>{@code
 * public List<Sample> collect() {
 *     diagnostics.clear();
 *     …
 * }
 * }</pre>
 */
@ConsumerType
public abstract class SourceCollector implements DiagnosticCollector {
    /** What the pass under way, or the newest one, found out about the source. For the thread of the pass. */
    protected final Diagnostics diagnostics = new Diagnostics();

    /** Nothing found yet. */
    protected SourceCollector() {}

    @Override
    public final List<Diagnostic> diagnostics() {
        return diagnostics.list();
    }
}
