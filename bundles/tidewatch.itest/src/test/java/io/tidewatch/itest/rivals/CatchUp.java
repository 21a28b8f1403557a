package io.tidewatch.itest.rivals;

import java.io.IOException;
import java.time.Duration;
import org.jspecify.annotations.Nullable;

/** Watches what one rival delivers once its server is back; of samples that were taken during the outage, and after it. */
final class CatchUp {
    /** So long what has gone over the link may not be at the server yet. */
    private static final Duration UNDER_WAY = Duration.ofSeconds(3);

    private final Rival rival;
    private final long from;
    private final long to;
    private long late;
    private @Nullable Duration lastLate;
    private @Nullable Duration fresh;
    private long samples;
    private long wireBytes;

    /**
     * To be made before the server can be reached again.
     *
     * @param from when the outage began, in milliseconds since the epoch
     * @param to when it ended
     */
    CatchUp(Rival rival, Received received, long from, long to) throws IOException {
        this.rival = rival;
        this.from = from;
        this.to = to;
        late = received.samples(rival.selector(), from, to);
    }

    /** Looks once, so long after the end of the outage. */
    void look(Received received, Duration since) throws IOException {
        if (fresh == null && received.newest(rival.selector()).orElse(0) > to) {
            fresh = since;
        }
        long now = received.samples(rival.selector(), from, to);
        if (now > late) {
            late = now;
            lastLate = since;
        }
        if (lastLate != null && since.minus(lastLate).compareTo(UNDER_WAY) <= 0) {
            samples = received.samples(rival.selector());
            wireBytes = rival.link().bytes();
        }
    }

    /** Whether fresh samples have come, and no late ones for so long. */
    boolean quietFor(Duration since, Duration time) {
        return fresh != null
                && since.minus(lastLate == null ? Duration.ZERO : lastLate).compareTo(time) > 0;
    }

    /** Seconds until the server had a sample from after the outage; {@code null}: it never had. */
    @Nullable
    Double freshAfter() {
        return seconds(fresh);
    }

    /** Seconds until the last late sample; {@code null}: there was none. */
    @Nullable
    Double completeAfter() {
        return seconds(lastLate);
    }

    /** All samples at the server a moment after the last late one; 0 without one. */
    long samples() {
        return samples;
    }

    /** All bytes that had gone over the link then; 0 without a late sample. */
    long wireBytes() {
        return wireBytes;
    }

    private static @Nullable Double seconds(@Nullable Duration duration) {
        return duration == null ? null : duration.toMillis() / 1e3;
    }
}
