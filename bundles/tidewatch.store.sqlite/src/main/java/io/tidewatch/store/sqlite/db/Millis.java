package io.tidewatch.store.sqlite.db;

import io.tidewatch.api.store.DeliveryQuery;
import java.time.Duration;
import java.time.Instant;
import java.util.concurrent.TimeUnit;

/** Instants as whole milliseconds within the times that samples can have. */
public final class Millis {
    /** After any sample. */
    public static final long END = DeliveryQuery.END.toEpochMilli();

    private Millis() {}

    /** Whole milliseconds; of a duration too long for that, the longest of its sign. */
    public static long of(Duration duration) {
        return Math.max(-Long.MAX_VALUE, TimeUnit.MILLISECONDS.convert(duration));
    }

    /** The first whole millisecond that is not before this. */
    public static long atOrAfter(Instant time) {
        long millis = atOrBefore(time);
        return millis < END && Instant.ofEpochMilli(millis).isBefore(time) ? millis + 1 : millis;
    }

    /** The last whole millisecond that is not after this. */
    public static long atOrBefore(Instant time) {
        if (time.isBefore(DeliveryQuery.BEGINNING)) {
            return 0;
        }
        return time.isAfter(DeliveryQuery.END) ? END : time.toEpochMilli();
    }
}
