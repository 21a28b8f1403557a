package io.tidewatch.api.store;

import java.time.Instant;
import java.util.List;
import java.util.Objects;

/**
 * What became of a delivery. A sample that is named nowhere stays pending: forgetting one costs a second delivery, never
 * a sample.
 *
 * @param acknowledged what the server accepted, by chunk
 * @param rejected what the server will never accept: set aside, not delivered again
 */
public record Settlement(List<Acknowledgement> acknowledged, List<Rejection> rejected) {
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
     * Samples that the server will never accept.
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

    public Settlement {
        acknowledged = List.copyOf(acknowledged);
        rejected = List.copyOf(rejected);
    }

    /** The whole delivery was accepted, as one chunk. */
    public static Settlement accepted(Delivery delivery, Instant time) {
        return new Settlement(
                List.of(new Acknowledgement(
                        0,
                        time,
                        delivery.series().stream().map(SeriesSamples::all).toList())),
                List.of());
    }
}
