package io.tidewatch.scheduler;

import io.tidewatch.api.collector.Diagnostic;
import io.tidewatch.api.config.Setting;
import io.tidewatch.api.health.Exhaustion;
import io.tidewatch.api.store.StoreException;
import java.io.IOException;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * @param timestamp when it began
 * @param samples samples that the store holds because of it
 * @param dropped samples that were left out while the rest was kept, by reason
 * @param remark what to report of those that the store does not hold, or empty
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
     * @param lost samples lost, at least 1; 1 for a pass that had none yet
     * @param message one sentence that says what to do
     * @param errorType class of the exception, or the reason
     * @param bug what was thrown, if its stack is worth a log line
     */
    record Failure(Loss loss, int lost, String message, String errorType, @Nullable Throwable bug) {
        /** A pass that was interrupted, by a collector's timeout or the limit of a commit. */
        static Failure cut(Loss loss, int lost, Duration timeout, Duration storeLimit) {
            String limit = Setting.written(timeout);
            String message =
                    switch (loss) {
                        case TIMEOUT ->
                            "the pass was interrupted after its timeout of " + limit
                                    + "; if its source is slow, raise timeout";
                        case DEVICE_UNAVAILABLE ->
                            "no device was registered within " + limit
                                    + "; see health of device and whether its bundle runs";
                        case STORE_UNAVAILABLE ->
                            "no store was registered within " + limit
                                    + "; see health of storage and whether its bundle runs";
                        case STORE_TIMEOUT ->
                            "the store did not commit within " + Setting.written(storeLimit)
                                    + "; see health of storage";
                        default -> "the collector was taken away during the pass";
                    };
            return new Failure(loss, lost, message, loss.reason(), null);
        }

        /** A pass that ended by an exception or error, while it was collected or {@code storing}. */
        static Failure thrown(Throwable thrown, int lost, boolean storing) {
            String type = thrown.getClass().getSimpleName();
            String message = Containment.messageOf(thrown);
            if (thrown instanceof LossException known) {
                return new Failure(known.loss(), lost, message, known.loss().reason(), null);
            }
            boolean bug = !(thrown instanceof IOException
                    || thrown instanceof StoreException
                    || thrown instanceof InterruptedException);
            Loss loss = storing ? Loss.STORE_FAILED : thrown instanceof Error ? Loss.JVM_ERROR : Loss.EXCEPTION;
            return new Failure(
                    loss,
                    lost,
                    storing
                            ? "the store did not keep the pass: " + message + "; see health of storage"
                            : type + ": " + message,
                    type,
                    bug ? thrown : null);
        }
    }

    /** For a pass whose result could not be made. Allocated in advance, as there may be no memory then. */
    static final PassResult UNDESCRIBED = failed(
            Instant.EPOCH,
            new Failure(
                    Loss.JVM_ERROR,
                    1,
                    "the pass ended without a result, most likely because memory ran out; see the log",
                    "Error",
                    null));

    PassResult {
        dropped = Map.copyOf(dropped);
    }

    static PassResult failed(Instant timestamp, Failure failure) {
        return new PassResult(timestamp, 0, 0, Map.of(), "", List.of(), failure);
    }

    static PassResult noThread(Pass pass, Throwable thrown) {
        String message =
                "no thread could be started for the pass: " + Containment.messageOf(thrown) + "; " + Exhaustion.ADVICE;
        return failed(
                pass.timestamp(),
                new Failure(Loss.NO_THREAD, 1, message, thrown.getClass().getSimpleName(), null));
    }

    /** Whether what the collector returned is in the store, or it had nothing to report. */
    boolean succeeded() {
        return failure == null;
    }
}
