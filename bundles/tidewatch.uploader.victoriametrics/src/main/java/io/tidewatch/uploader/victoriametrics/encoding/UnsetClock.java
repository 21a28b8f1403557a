package io.tidewatch.uploader.victoriametrics.encoding;

import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.Optional;

/**
 * Times of a clock that was never set, as a device without a chip for it has them: 1970, or a year that the chip begins
 * with. Samples of such a time wait, since they move when the clock is set. Once it is right, those that are left are of
 * a boot that ended before: they have no usable time, and a server would keep them where no query looks, or drop
 * them in silence as older than its retention.
 *
 * <p>The limit is no build date: after an upgrade, samples from before the new version was built are as good as any.
 */
public final class UnsetClock {
    /** Of the rejection. */
    public static final String REASON = "clock_never_set";

    /** Samples collected before have no usable time. */
    private static final Instant EARLIEST = Instant.parse("2020-01-01T00:00:00Z");

    private UnsetClock() {}

    /** Whether a time, in milliseconds since the epoch, is one. */
    public static boolean says(long time) {
        return time < EARLIEST.toEpochMilli();
    }

    /** Why nothing can be sent while no other source confirms the clock; empty if it can. */
    public static Optional<String> doubt(Instant now) {
        return now.isBefore(EARLIEST)
                ? Optional.of(
                        "the clock says " + now.truncatedTo(ChronoUnit.SECONDS)
                                + ", so it was never set; samples are kept until it is: check time synchronisation (timedatectl)")
                : Optional.empty();
    }
}
