package io.tidewatch.store.sqlite.retention;

import io.tidewatch.store.sqlite.retention.EvictionCounts.Reason;
import java.time.Duration;
import java.util.Map;
import java.util.stream.Collectors;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Says once when samples that were never delivered begin to be evicted, and once when that is over. All but
 * {@link #isLosing} is for one thread.
 */
final class LossLog {
    /** Between two passes that lose something there may be some that do not. */
    private static final long OVER_AFTER = Duration.ofHours(1).toMillis();

    private static final Logger LOG = LoggerFactory.getLogger(LossLog.class);

    private Map<Reason, Long> atFirst = Map.of();
    private Map<Reason, Long> before = new EvictionCounts().losses();
    private volatile boolean losing;
    private long lastLoss;

    boolean isLosing() {
        return losing;
    }

    /** A pass has ended: so much was lost since the start, by reason. */
    void note(Map<Reason, Long> after, long now) {
        if (!after.equals(before)) {
            lastLoss = now;
            if (!losing) {
                atFirst = before;
                LOG.error(
                        "Samples that were never delivered are lost since the store is over its bounds ({}): see why the"
                                + " uploader does not deliver, or raise pending.retention, max.size or the disk's free"
                                + " space",
                        difference(after));
            }
            losing = true;
        } else if (losing && (now - lastLoss >= OVER_AFTER || now < lastLoss)) {
            LOG.info("No more samples are lost that were never delivered; it was {}", difference(after));
            losing = false;
        }
        before = after;
    }

    private String difference(Map<Reason, Long> after) {
        return after.entrySet().stream()
                .map(entry ->
                        entry.getKey().label() + " " + (entry.getValue() - atFirst.getOrDefault(entry.getKey(), 0L)))
                .collect(Collectors.joining(", "));
    }
}
