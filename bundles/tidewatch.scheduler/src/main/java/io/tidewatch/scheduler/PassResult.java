package io.tidewatch.scheduler;

import io.tidewatch.api.collector.Diagnostic;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * How a pass ended.
 *
 * @param timestamp when it began
 * @param durationNanos how long it took
 * @param samples samples that the store holds because of it
 * @param dropped samples that were left out while the rest was kept, by reason
 * @param remark what to report of those that the store does not hold, or empty
 * @param diagnostics what the collector reports of its source
 * @param failure why nothing was kept, or null
 */
record PassResult(
        Instant timestamp,
        long durationNanos,
        int samples,
        Map<String, Integer> dropped,
        String remark,
        List<Diagnostic> diagnostics,
        @Nullable Failure failure) {

    /**
     * Why a pass failed.
     *
     * @param loss the reason
     * @param lost samples lost, at least 1
     * @param message one sentence that says what to do
     * @param errorType class of the exception, or the reason
     * @param bug what was thrown, if its stack is worth a log line
     */
    record Failure(Loss loss, int lost, String message, String errorType, @Nullable Throwable bug) {}

    /** For a pass that could not even describe its end. Made beforehand, since then there may be no memory. */
    static final PassResult UNDESCRIBED = failed(
            Instant.EPOCH,
            0,
            new Failure(
                    Loss.JVM_ERROR,
                    1,
                    "the pass ended without a result, most likely for want of memory; see the log",
                    "Error",
                    null));

    PassResult {
        dropped = Map.copyOf(dropped);
    }

    static PassResult failed(Instant timestamp, long durationNanos, Failure failure) {
        return new PassResult(timestamp, durationNanos, 0, Map.of(), "", List.of(), failure);
    }

    /** Whether what the collector returned is in the store, or it had nothing to report. */
    boolean succeeded() {
        return failure == null;
    }
}
