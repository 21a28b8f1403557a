package io.tidewatch.store.sqlite.retention;

import java.time.Duration;
import java.util.EnumMap;
import java.util.LinkedHashMap;
import java.util.Locale;
import java.util.Map;
import java.util.concurrent.ConcurrentSkipListMap;
import java.util.stream.Collectors;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * How many samples were evicted since the start, by reason. Logs once when samples that were never delivered begin to be
 * evicted, and once when that is over. All but {@link #logLosses} may be called from any thread.
 */
public final class EvictionCounts {
    /** Why a sample was evicted, and whether it had been delivered: the second half of the names. */
    public enum Reason {
        HISTORY_EXPIRED(false),
        PENDING_EXPIRED(true),
        MAX_SIZE_DELIVERED(false),
        MAX_SIZE_PENDING(true),
        MIN_FREE_DELIVERED(false),
        MIN_FREE_PENDING(true);

        private final boolean loss;

        Reason(boolean loss) {
            this.loss = loss;
        }

        /** The name in health and metrics. */
        public String label() {
            return name().toLowerCase(Locale.ROOT);
        }
    }

    /** Between two passes that lose something there may be some that do not. */
    private static final long OVER_AFTER = Duration.ofHours(1).toMillis();

    private static final Logger LOG = LoggerFactory.getLogger(EvictionCounts.class);
    private final Map<Reason, Long> counts = new ConcurrentSkipListMap<>();
    private Map<Reason, Long> lostAtFirst = Map.of();
    private Map<Reason, Long> lostBefore;
    private volatile boolean losing;
    private long lastLoss;

    EvictionCounts() {
        for (Reason reason : Reason.values()) {
            counts.put(reason, 0L);
        }
        lostBefore = lost();
    }

    public void add(Reason reason, long samples) {
        counts.merge(reason, samples, Long::sum);
    }

    /** Every reason's count by its label. */
    public Map<String, Long> byReason() {
        Map<String, Long> all = new LinkedHashMap<>();
        counts.forEach((reason, count) -> all.put(reason.label(), count));
        return all;
    }

    /** Whether samples that were never delivered were evicted recently. */
    public boolean isLosing() {
        return losing;
    }

    /** A pass has ended: compares the losses with those before it. */
    void logLosses(long now) {
        Map<Reason, Long> lost = lost();
        if (!lost.equals(lostBefore)) {
            lastLoss = now;
            if (!losing) {
                lostAtFirst = lostBefore;
                LOG.error(
                        "Samples that were never delivered are lost since the store is over its bounds ({}): see why the"
                                + " uploader does not deliver, or raise pending.retention, max.size or the disk's free"
                                + " space",
                        difference(lost));
            }
            losing = true;
        } else if (losing && (now - lastLoss >= OVER_AFTER || now < lastLoss)) {
            LOG.info("No more samples are lost that were never delivered; it was {}", difference(lost));
            losing = false;
        }
        lostBefore = lost;
    }

    private Map<Reason, Long> lost() {
        Map<Reason, Long> lost = new EnumMap<>(counts);
        lost.keySet().removeIf(reason -> !reason.loss);
        return lost;
    }

    private String difference(Map<Reason, Long> lost) {
        return lost.entrySet().stream()
                .map(entry -> entry.getKey().label() + " "
                        + (entry.getValue() - lostAtFirst.getOrDefault(entry.getKey(), 0L)))
                .collect(Collectors.joining(", "));
    }
}
