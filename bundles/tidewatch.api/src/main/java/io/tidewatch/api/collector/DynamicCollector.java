package io.tidewatch.api.collector;

import java.util.List;
import org.osgi.annotation.versioning.ConsumerType;

/**
 * A collector that reads the metrics of another program, which are known only once they have been read. It declares its own
 * metrics as any collector does; besides, it may return samples of {@linkplain Metric#foreign foreign} ones, and samples
 * that carry a time of their own. Registered as a service under {@link Collector}.
 *
 * <p>A pass has at most 10,000 samples, with those that have a time.
 */
@ConsumerType
public interface DynamicCollector extends Collector {
    /**
     * Returns what the newest pass read with a time of its own; empty if there is none. Called on the thread of the pass right
     * after {@link #collect()} returned. Samples of times that are no times of measurements, before 2020 or more than ten
     * minutes ahead of the clock, are dropped and counted.
     */
    default List<TimedSamples> timedSamples() {
        return List.of();
    }

    /**
     * The newest pass is stored. Called on its thread; not called for a pass that was lost, so that a collector which returns
     * each timestamp once returns those of a lost pass again.
     */
    default void stored() {}
}
