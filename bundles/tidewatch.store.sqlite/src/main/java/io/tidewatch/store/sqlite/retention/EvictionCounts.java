package io.tidewatch.store.sqlite.retention;

import java.util.EnumMap;
import java.util.LinkedHashMap;
import java.util.Locale;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;

/** How many samples were evicted since the start, by reason. Safe for use by several threads. */
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

        /** Whether such samples were never delivered. */
        public boolean isLoss() {
            return loss;
        }

        /** The name in health and metrics. */
        public String label() {
            return name().toLowerCase(Locale.ROOT);
        }
    }

    private final Map<Reason, Long> counts = new ConcurrentHashMap<>();

    public void add(Reason reason, long samples) {
        counts.merge(reason, samples, Long::sum);
    }

    /** Every reason's count by its label. */
    public Map<String, Long> byReason() {
        Map<String, Long> all = new LinkedHashMap<>();
        for (Reason reason : Reason.values()) {
            all.put(reason.label(), counts.getOrDefault(reason, 0L));
        }
        return all;
    }

    /** The counts of samples that were evicted without ever having been delivered. */
    public Map<Reason, Long> losses() {
        Map<Reason, Long> losses = new EnumMap<>(Reason.class);
        for (Reason reason : Reason.values()) {
            if (reason.isLoss()) {
                losses.put(reason, counts.getOrDefault(reason, 0L));
            }
        }
        return losses;
    }
}
