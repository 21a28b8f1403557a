package io.tidewatch.command.trial;

import io.tidewatch.api.collector.Collector;
import io.tidewatch.api.store.Series;
import io.tidewatch.command.tail.Tail;
import java.io.IOException;
import java.time.Clock;
import java.time.Duration;
import java.util.List;
import java.util.Set;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.FutureTask;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.function.Supplier;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/**
 * Passes of one collector. Each is called on a thread of its own, which is interrupted after the timeout, and left alone if it
 * does not end then.
 *
 * @param service makes the collector, or returns null if that failed; foreign code
 * @param instance label of its series; empty for none
 */
record Trial(Supplier<@Nullable Collector> service, String instance, Duration timeout, Clock clock) {
    private static final Duration GRACE = Duration.ofSeconds(1);

    /** Runs passes until the last one, or one that fails; returns what the newest gave. */
    TrialPass run(int passes, Duration pause) throws InterruptedException {
        TrialPass result = bounded();
        for (int pass = 1; pass < passes && !result.isFailed(); pass++) {
            Set<Series> known = result.lines().stream().map(Tail.Line::series).collect(Collectors.toSet());
            TimeUnit.NANOSECONDS.sleep(pause.toNanos());
            result = bounded();
            long more = result.lines().stream()
                    .filter(line -> !known.contains(line.series()))
                    .count();
            if (more > 0) {
                result = result.noting(List.of(more + " of the samples need two passes; the second began "
                        + pause.toSeconds() + " s after the first"));
            }
        }
        return result.lines().isEmpty() && result.problems().isEmpty()
                ? TrialPass.failed("no samples: this machine has no such source, or nothing of it to report")
                        .noting(result.notes())
                : result;
    }

    private TrialPass bounded() throws InterruptedException {
        FutureTask<TrialPass> pass = new FutureTask<>(() -> TrialPass.of(service.get(), instance, clock));
        Thread thread = new Thread(pass, "try");
        thread.setDaemon(true);
        thread.start();
        try {
            return pass.get(timeout.toMillis(), TimeUnit.MILLISECONDS);
        } catch (ExecutionException e) {
            return TrialPass.failed("the pass failed: " + explained(e.getCause()));
        } catch (TimeoutException e) {
            pass.cancel(true);
            thread.join(GRACE.toMillis());
            return TrialPass.failed("the pass was interrupted after its timeout of " + timeout.toMillis() + " ms"
                    + (thread.isAlive() ? " and does not return" : ""));
        }
    }

    /** The message; of what is no failure of a source also where it was thrown. */
    private static String explained(@Nullable Throwable thrown) {
        if (thrown instanceof IOException && thrown.getMessage() != null) {
            return thrown.getMessage();
        }
        StackTraceElement[] trace = thrown == null ? new StackTraceElement[0] : thrown.getStackTrace();
        return thrown + (trace.length == 0 ? "" : " at " + trace[0]);
    }
}
