package io.tidewatch.uploader.victoriametrics.restart;

import io.tidewatch.uploader.victoriametrics.http.ServerPage;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/**
 * What a server's page says about samples that it drops while answering 204. Its counters are of all its clients, so that a
 * rise is a hint and no failure.
 *
 * <p>Not safe for use by several threads.
 */
final class ServerHints {
    private @Nullable ServerPage last;

    /** Compares a page with the one before; returns one sentence for each hint. */
    List<String> of(ServerPage page, Optional<Instant> oldestPending, Instant now) {
        Duration age =
                oldestPending.map(oldest -> Duration.between(oldest, now)).orElse(Duration.ZERO);
        List<String> hints = new ArrayList<>();
        over(page, "retentionPeriod", page.retention(), age).ifPresent(hints::add);
        over(page, "maxBackfillAge", page.maxBackfillAge(), age).ifPresent(hints::add);
        ServerPage before = last;
        last = page;
        if (before == null
                || !before.start()
                        .map(ServerPage.Start::second)
                        .equals(page.start().map(ServerPage.Start::second))) {
            return hints;
        }
        for (Map.Entry<String, Long> ignored : new TreeMap<>(page.ignored()).entrySet()) {
            long more = ignored.getValue() - before.ignored().getOrDefault(ignored.getKey(), 0L);
            if (more > 0) {
                hints.add("the server ignored " + more + " samples (" + ignored.getKey()
                        + ") of any of its clients: see its /metrics and its log");
            }
        }
        if (page.invalid() > before.invalid()) {
            hints.add("the server could not parse " + (page.invalid() - before.invalid())
                    + " lines of any of its clients: see vm_rows_invalid_total and its log");
        }
        return hints;
    }

    private static Optional<String> over(ServerPage page, String flag, Optional<Duration> limit, Duration age) {
        return limit.filter(most -> age.compareTo(most) > 0)
                .map(most -> "pending samples are older than the server's -" + flag + " ("
                        + page.flags().get(flag) + "): it drops them and answers 204");
    }
}
