package io.tidewatch.store.sqlite.retention;

import java.util.EnumMap;
import java.util.LinkedHashMap;
import java.util.Locale;
import java.util.Map;
import java.util.concurrent.atomic.AtomicLongArray;

/** How many samples were evicted since the start, by reason. Safe for use by several threads. */
public final class EvictionCounts {
    /** Why a sample was evicted, and whether it had been delivered: the second half of the names. */
    public enum Reason {
        HISTORY_EXPIRED(0, false),
        PENDING_EXPIRED(1, true),
        MAX_SIZE_DELIVERED(2, false),
        MAX_SIZE_PENDING(3, true),
        MIN_FREE_DELIVERED(4, false),
        MIN_FREE_PENDING(5, true);

        private final int index;
        private final boolean loss;

        Reason(int index, boolean loss) {
            this.index = index;
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

    private final AtomicLongArray counts = new AtomicLongArray(Reason.values().length);

    public void add(Reason reason, long samples) {
        counts.addAndGet(reason.index, samples);
    }

    /** Every reason's count by its label. */
    public Map<String, Long> byReason() {
        Map<String, Long> all = new LinkedHashMap<>();
        for (Reason reason : Reason.values()) {
            all.put(reason.label(), counts.get(reason.index));
        }
        return all;
    }

    /** The counts of samples that were evicted without ever having been delivered. */
    public Map<Reason, Long> losses() {
        Map<Reason, Long> losses = new EnumMap<>(Reason.class);
        for (Reason reason : Reason.values()) {
            if (reason.isLoss()) {
                losses.put(reason, counts.get(reason.index));
            }
        }
        return losses;
    }
}
