package io.tidewatch.api.store;

import java.time.Instant;
import java.util.EnumSet;
import java.util.Objects;
import java.util.Set;

/**
 * Which pending samples are wanted next.
 *
 * @param destination id of the server they are sent to; what is pending is counted per destination
 * @param from earliest time, included
 * @param until latest time, excluded
 * @param priorities the priorities wanted, at least one
 * @param maxSamples how many at most; a single instant with more is returned whole
 */
public record DeliveryQuery(String destination, Instant from, Instant until, Set<Priority> priorities, int maxSamples) {
    /** Before any sample. */
    public static final Instant BEGINNING = Instant.EPOCH;

    /** After any sample: the end of the year 9999. */
    public static final Instant END = Instant.ofEpochSecond(253_402_300_800L);

    public DeliveryQuery {
        Objects.requireNonNull(destination, "destination");
        Objects.requireNonNull(from, "from");
        Objects.requireNonNull(until, "until");
        if (priorities.isEmpty()) {
            throw new IllegalArgumentException("A query wants at least one priority");
        }
        if (maxSamples < 1) {
            throw new IllegalArgumentException("maxSamples is " + maxSamples + ", at least 1 is needed");
        }
        priorities = Set.copyOf(priorities);
    }

    /** Everything that is pending for a destination. */
    public static DeliveryQuery everything(String destination, int maxSamples) {
        return new DeliveryQuery(destination, BEGINNING, END, EnumSet.allOf(Priority.class), maxSamples);
    }
}
