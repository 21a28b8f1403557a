package io.tidewatch.uploader.victoriametrics.cycle;

import io.tidewatch.api.store.Series;
import java.util.LinkedHashMap;
import java.util.Map;

/**
 * Series of which the server refused samples, or a request that had some. Their lines are sent together, after all others,
 * so that they keep no other sample waiting. The newest 10,000 are remembered.
 *
 * <p>Not safe for use by several threads.
 */
final class SuspectSeries {
    private static final int MOST = 10_000;

    /** So many bad samples and not one good one: it is the series that the server refuses, by its labels. */
    private static final int PROOFS = 20;

    /** By series: bad samples since the last good one. */
    private final Map<Series, Integer> proofs = new LinkedHashMap<>();

    boolean contains(Series series) {
        return proofs.containsKey(series);
    }

    /** A request with samples of the series was refused. */
    void add(Series series) {
        proofs.putIfAbsent(series, 0);
        if (proofs.size() > MOST) {
            proofs.remove(proofs.keySet().iterator().next());
        }
    }

    /** A sample of the series was refused alone, and once more, while others were accepted. */
    void proven(Series series) {
        add(series);
        proofs.merge(series, 1, Integer::sum);
    }

    /** A sample of the series was accepted, but not all of its line. */
    void sampleAccepted(Series series) {
        proofs.replace(series, 0);
    }

    /** A whole line of the series was accepted. */
    void cleared(Series series) {
        proofs.remove(series);
    }

    /** Whether bad samples were found in the series, and no good one since. */
    boolean isBadSoFar(Series series) {
        return proofs.getOrDefault(series, 0) > 0;
    }

    /** Whether enough samples were refused to take all others of the series for refused, too. */
    boolean isRefused(Series series) {
        return proofs.getOrDefault(series, 0) >= PROOFS;
    }
}
