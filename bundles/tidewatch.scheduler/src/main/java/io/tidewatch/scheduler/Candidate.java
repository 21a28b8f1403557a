package io.tidewatch.scheduler;

import io.tidewatch.api.collector.Collector;
import io.tidewatch.api.collector.ConfigurableCollector;
import io.tidewatch.api.collector.DynamicCollector;
import io.tidewatch.api.collector.Metric;
import io.tidewatch.api.collector.Unit;
import io.tidewatch.api.device.Device;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.concurrent.atomic.AtomicReference;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * One of the services that want to be the collector of a name. It is obtained for its first pass and held until it no
 * longer runs, since an unused component is discarded with its state.
 */
final class Candidate implements Comparable<Candidate> {
    record Held(Collector collector, Set<Metric> declared) {
        boolean accepts(Metric metric) {
            return metric.unit() == Unit.FOREIGN ? collector instanceof DynamicCollector : declared.contains(metric);
        }
    }

    private final Consumer<Set<Metric>> declaring;
    private volatile List<String> rejectedSettings = List.of();
    private final AtomicReference<@Nullable Held> held = new AtomicReference<>();
    private volatile CollectorOffer offer;

    /** Its pass under way, hung ones included. Guarded by its {@link CollectorRun}. */
    @Nullable
    Pass pass;

    /** @param declaring takes the metrics that it declares, when it has been made */
    Candidate(CollectorOffer offer, Consumer<Set<Metric>> declaring) {
        this.offer = offer;
        this.declaring = declaring;
    }

    CollectorOffer offer() {
        return offer;
    }

    /** The labels of its series: those of the device, and {@code instance} for one of several instances. */
    SortedMap<String, String> labels(Device device) {
        String instance = ConfigurationFile.instance(offer().properties());
        if (instance.isEmpty()) {
            return device.labels();
        }
        SortedMap<String, String> labels = new TreeMap<>(device.labels());
        labels.put("instance", instance);
        return labels;
    }

    void renew(CollectorOffer offer) {
        this.offer = offer;
    }

    /** The collector, made if need be. Foreign code: called without a lock, by one pass at a time. */
    Held obtain() throws LossException {
        Held known = held.get();
        if (known != null) {
            return known;
        }
        CollectorOffer source = offer();
        Collector collector = source.obtain();
        if (collector == null) {
            throw new LossException(
                    Loss.NOT_ACTIVATED,
                    "the component of bundle " + source.bundle()
                            + " could not be activated; component deploy of health says why, or the log");
        }
        try {
            Held obtained = new Held(collector, declaredBy(collector));
            declaring.accept(obtained.declared());
            held.set(obtained);
            return obtained;
        } catch (Throwable t) {
            source.release();
            throw t;
        }
    }

    /** Gives the collector back, if it was obtained. Foreign code: called without a lock. */
    void release() {
        if (held.getAndSet(null) != null) {
            offer().release();
        }
    }

    /** Asks for the settings that it cannot use, if it has been made. Foreign code: called without a lock. */
    void examineSettings() {
        Held known = held.get();
        if (known == null || !(known.collector() instanceof ConfigurableCollector configurable)) {
            return;
        }
        try {
            rejectedSettings = configurable.rejectedSettings().stream()
                    .map(Containment::messageOf)
                    .toList();
        } catch (Throwable t) {
            rejectedSettings =
                    List.of("it cannot tell which of its settings are in force: " + Containment.messageOf(t));
        }
    }

    /** The settings that it could not use when it was last asked, as sentences; empty if it could use all. */
    List<String> rejectedSettings() {
        return rejectedSettings;
    }

    private static Set<Metric> declaredBy(Collector collector) throws LossException {
        List<? extends @Nullable Metric> metrics =
                LossException.unlessNull(collector.metrics(), "metrics() returned null");
        Set<Metric> declared = new HashSet<>();
        for (Metric metric : metrics) {
            declared.add(LossException.unlessNull(metric, "metrics() returned a list with a null in it"));
        }
        return declared;
    }

    /** Who runs comes first, as the OSGi service registry ranks. */
    @Override
    public int compareTo(Candidate other) {
        CollectorOffer mine = offer();
        CollectorOffer theirs = other.offer();
        int byRanking = Integer.compare(theirs.ranking(), mine.ranking());
        return byRanking != 0 ? byRanking : Long.compare(mine.id(), theirs.id());
    }
}
