package io.tidewatch.api.store;

import java.time.Instant;
import java.util.List;
import java.util.Objects;

/**
 * The outcome of a delivery. A sample that it does not name stays pending: leaving one out costs a second delivery, never
 * a sample.
 *
 * @param acknowledged what the server accepted, by chunk
 * @param rejected samples that the server refused for good: quarantined, not sent again
 */
public record DeliveryOutcome(List<Acknowledgement> acknowledged, List<Rejection> rejected) {
    /**
     * A chunk that the server accepted.
     *
     * @param chunkIndex index of the chunk in its delivery, from 0
     * @param time when the acknowledgement came
     * @param slices the samples that it covers
     */
    public record Acknowledgement(int chunkIndex, Instant time, List<Slice> slices) {
        public Acknowledgement {
            Objects.requireNonNull(time, "time");
            slices = List.copyOf(slices);
        }

        /** Number of samples. */
        public int size() {
            return slices.stream().mapToInt(Slice::size).sum();
        }
    }

    /**
     * Samples that the server refused for good.
     *
     * @param slice the samples
     * @param reason why, in lower case with underscores: {@code label_value_too_long}
     */
    public record Rejection(Slice slice, String reason) {
        public Rejection {
            Objects.requireNonNull(slice, "slice");
            Objects.requireNonNull(reason, "reason");
        }
    }

    public DeliveryOutcome {
        acknowledged = List.copyOf(acknowledged);
        rejected = List.copyOf(rejected);
    }

    /** The whole delivery was accepted, as one chunk. */
    public static DeliveryOutcome accepted(Delivery delivery, Instant time) {
        return new DeliveryOutcome(
                List.of(new Acknowledgement(
                        0,
                        time,
                        delivery.series().stream().map(SeriesSamples::all).toList())),
                List.of());
    }
}
