package io.tidewatch.api.collector;

import java.io.IOException;
import java.util.List;
import org.osgi.annotation.versioning.ConsumerType;

/**
 * Reads one source of the machine. Register it as an OSGi service with {@link CollectorProperties}; the scheduler
 * finds it, calls {@link #collect()} on its interval, adds time and device, and stores what it returns.
 *
 * <pre>{@code
 * @Component
 * @CollectorProperties(name = "entropy", interval = "30s")
 * public final class EntropyCollector implements Collector {
 *     private static final Metric AVAILABLE = Metric.gauge("entropy.available_bits", Unit.NONE, "Bits in the pool");
 *
 *     public List<Metric> metrics() {
 *         return List.of(AVAILABLE);
 *     }
 *
 *     public List<Sample> collect() throws IOException {
 *         return List.of(AVAILABLE.sample(readBits()));
 *     }
 * }
 * }</pre>
 *
 * <p>Threads: the calls of one collector never overlap, but may come from different threads; what one call wrote, the
 * next one sees. A call that outlasts the collector's timeout is interrupted.
 */
@ConsumerType
public interface Collector {
    /** Everything this collector can emit. The same list at every call; a sample of anything else is refused. */
    List<Metric> metrics();

    /**
     * Reads the source once.
     *
     * @return the samples of this pass; empty if there is nothing to report on this machine or yet. A value that cannot
     *     be read is left out, never reported as 0.
     * @throws IOException if the source exists and cannot be read or understood: the pass fails, is counted and shown
     *     in health with the message
     * @throws InterruptedException if the pass was interrupted, at its timeout or because the collector goes away
     */
    List<Sample> collect() throws IOException, InterruptedException;
}
