package io.tidewatch.store.sqlite;

import io.tidewatch.store.sqlite.EvictionCounts.Reason;
import java.time.Duration;
import java.util.EnumMap;
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

    private final Map<Reason, Long> lost = new EnumMap<>(Reason.class);
    private volatile boolean losing;
    private long lastLoss;

    boolean isLosing() {
        return losing;
    }

    /** Samples were evicted. */
    void count(Reason reason, long samples) {
        if (reason.isLoss() && samples > 0) {
            lost.merge(reason, samples, Long::sum);
        }
    }

    /**
     * A pass has ended.
     *
     * @param samples how many it evicted that were never delivered
     * @param now milliseconds since the epoch
     */
    void note(long samples, long now) {
        if (samples > 0) {
            lastLoss = now;
            if (!losing) {
                LOG.error(
                        "Samples that were never delivered are lost since the store is over its bounds ({}): see why the"
                                + " uploader does not deliver, or raise pending.retention, max.size or the disk's free"
                                + " space",
                        counts());
            }
            losing = true;
        } else if (losing && (now - lastLoss >= OVER_AFTER || now < lastLoss)) {
            LOG.info("No more samples are lost that were never delivered; it was {}", counts());
            losing = false;
            lost.clear();
        }
    }

    private String counts() {
        return lost.entrySet().stream()
                .map(entry -> entry.getKey().label() + " " + entry.getValue())
                .collect(Collectors.joining(", "));
    }
}
