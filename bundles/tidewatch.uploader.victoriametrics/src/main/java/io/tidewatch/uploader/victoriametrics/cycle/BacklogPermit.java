package io.tidewatch.uploader.victoriametrics.cycle;

import io.tidewatch.uploader.victoriametrics.settings.UploaderSettings;
import io.tidewatch.uploader.victoriametrics.timing.Timing;
import java.time.Duration;
import java.util.OptionalLong;
import java.util.function.BooleanSupplier;

/**
 * The permit of the backlog: within its bandwidth, and no longer than live samples can wait.
 *
 * <p>Not safe for use by several threads.
 */
final class BacklogPermit implements Permit {
    private final Bandwidth bandwidth;
    private final OptionalLong bytesPerSecond;
    private final Timing timing;
    private final BooleanSupplier halted;
    private final Duration interval;
    private long liveSent;

    /** @param bandwidth what was spent, by cycles before too */
    BacklogPermit(Bandwidth bandwidth, UploaderSettings settings, Timing timing, BooleanSupplier halted) {
        this.bandwidth = bandwidth;
        this.bytesPerSecond = settings.backlogBandwidth();
        this.timing = timing;
        this.halted = halted;
        this.interval = settings.uploadInterval();
        this.liveSent = timing.nanoTime().getAsLong();
    }

    void liveSent() {
        liveSent = timing.nanoTime().getAsLong();
    }

    /**
     * Whether it is time for live samples between two deliveries of the backlog: not behind each, since a request for the
     * few samples of a moment is mostly headers.
     */
    boolean liveIsDue() {
        return timing.nanoTime().getAsLong() - liveSent >= interval.toNanos() / 10;
    }

    @Override
    public boolean isHalted() {
        return halted.getAsBoolean();
    }

    @Override
    public Next next() throws InterruptedException {
        if (isHalted()) {
            return Next.HALT;
        }
        long now = timing.nanoTime().getAsLong();
        // In the middle of a delivery leaving off costs reading the rest again.
        Duration patience = Duration.ofNanos(liveSent + interval.toNanos() / 2 - now);
        if (patience.isZero() || patience.isNegative()) {
            return Next.YIELD;
        }
        Duration delay = bandwidth.delay(now);
        boolean longer = delay.compareTo(patience) > 0;
        if (!delay.isZero()) {
            timing.pause().await(longer ? patience : delay);
        }
        if (isHalted()) {
            return Next.HALT;
        }
        return longer ? Next.YIELD : Next.GO;
    }

    @Override
    public void sent(int bytes) {
        bandwidth.spend(bytes, bytesPerSecond, timing.nanoTime().getAsLong());
    }
}
