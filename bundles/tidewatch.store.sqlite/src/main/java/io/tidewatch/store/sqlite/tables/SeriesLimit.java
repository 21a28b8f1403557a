package io.tidewatch.store.sqlite.tables;

import java.time.Duration;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.function.LongSupplier;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * How many series there may be, and which metrics have reached that. All but {@link #configure}, {@link #refused} and
 * {@link #offender} is for one thread.
 */
public final class SeriesLimit {
    /** Metrics whose refused samples are counted by name; more come from code that makes up names. */
    private static final int MOST_NAMES = 10;

    /** Between two passes of a collector that makes up series. */
    private static final long LATELY_NANOS = Duration.ofMinutes(10).toNanos();

    private static final String OTHERS = "other";
    private static final Logger LOG = LoggerFactory.getLogger(SeriesLimit.class);

    private final Map<String, Integer> series = new HashMap<>();
    private final Map<String, Integer> refusedNow = new HashMap<>();
    private final LongSupplier nanoTime;
    private volatile int most;
    private volatile @Nullable Long refusedLast;
    private volatile Map<String, Long> refused = Map.of();
    private int total;

    /** @param most how many series there may be; of one metric half of that */
    public SeriesLimit(int most, LongSupplier nanoTime) {
        this.most = most;
        this.nanoTime = nanoTime;
    }

    /** No limit, for a copy of series that are there. */
    public static SeriesLimit none() {
        return new SeriesLimit(Integer.MAX_VALUE, () -> 0);
    }

    /** Changes how many there may be; those that are there stay. */
    public void configure(int most) {
        this.most = most;
    }

    /** Whether there is room for one more series of a metric; counts a sample as refused if there is not. */
    public boolean admits(String metric) {
        if (total < most && series.getOrDefault(metric, 0) < Math.max(1, most / 2)) {
            return true;
        }
        refusedNow.merge(metric, 1, Integer::sum);
        return false;
    }

    public void added(String metric) {
        total++;
        series.merge(metric, 1, Integer::sum);
    }

    public void removed(String metric) {
        total--;
        series.computeIfPresent(metric, (name, count) -> count == 1 ? null : count - 1);
    }

    /** What was refused counts. */
    public void committed() {
        if (refusedNow.isEmpty()) {
            return;
        }
        Map<String, Long> all = new LinkedHashMap<>(refused);
        refusedNow.forEach((metric, samples) -> {
            if (!all.containsKey(metric) && all.size() < MOST_NAMES) {
                LOG.warn(
                        "{} has {} series, of {} that the store holds (max.series = {}): samples of its new series are"
                                + " dropped and counted; a tag of it changes all the time",
                        metric,
                        series.getOrDefault(metric, 0),
                        total,
                        most);
            }
            all.merge(all.containsKey(metric) || all.size() < MOST_NAMES ? metric : OTHERS, (long) samples, Long::sum);
        });
        refused = Map.copyOf(all);
        refusedLast = nanoTime.getAsLong();
        refusedNow.clear();
    }

    /** What was refused is appended again. */
    public void rolledBack() {
        refusedNow.clear();
    }

    /** Samples refused since the start, by metric. */
    public Map<String, Long> refused() {
        return refused;
    }

    /** The metric of which most samples were refused; null if none was recently. */
    public @Nullable String offender() {
        Long last = refusedLast;
        return last == null || nanoTime.getAsLong() - last > LATELY_NANOS
                ? null
                : refused.entrySet().stream()
                        .max(Map.Entry.comparingByValue())
                        .map(Map.Entry::getKey)
                        .orElse(null);
    }
}
