package io.tidewatch.api.store;

import java.util.List;
import java.util.Objects;
import java.util.UUID;

/**
 * Pending samples of a store, to be sent to a destination and completed. Compared by identity.
 */
public final class Delivery {
    private final UUID batchId;
    private final List<SeriesSamples> series;
    private final int size;

    /**
     * @param batchId names the delivery in logs and checkpoints
     * @param series the samples by series; no series twice, none empty
     */
    public Delivery(UUID batchId, List<SeriesSamples> series) {
        this.batchId = Objects.requireNonNull(batchId, "batchId");
        this.series = List.copyOf(series);
        this.size = this.series.stream().mapToInt(SeriesSamples::size).sum();
    }

    /** Names the delivery in logs and checkpoints. */
    public UUID batchId() {
        return batchId;
    }

    /** The samples by series. */
    public List<SeriesSamples> series() {
        return series;
    }

    /** Number of samples. */
    public int size() {
        return size;
    }
}
