package io.tidewatch.scheduler;

import io.tidewatch.api.config.Setting;
import io.tidewatch.api.store.StoreException;
import java.io.IOException;
import java.time.Duration;

/** Why a pass failed, for health and log. */
final class PassFailures {
    private PassFailures() {}

    /** A pass for which no thread could be started. */
    static PassResult noThread(Pass pass, Throwable thrown) {
        String message = "no thread could be started for the pass: " + Containment.messageOf(thrown)
                + "; the machine or the service's limits (TasksMax, MemoryMax) are exhausted";
        return PassResult.failed(
                pass.timestamp(),
                0,
                new PassResult.Failure(Loss.NO_THREAD, 1, message, Containment.typeOf(thrown), null));
    }

    /**
     * A pass that was interrupted.
     *
     * @param lost samples, or 1 for a pass that had none yet
     * @param timeout of the collector
     * @param storeLimit how long a commit may take
     */
    static PassResult.Failure cut(Loss loss, int lost, Duration timeout, Duration storeLimit) {
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
                        "the store did not commit within " + Setting.written(storeLimit) + "; see health of storage";
                    default -> "the collector was taken away during the pass";
                };
        return new PassResult.Failure(loss, lost, message, loss.reason(), null);
    }

    /**
     * A pass that ended by an exception or error.
     *
     * @param lost samples, or 1 for a pass that had none yet
     * @param storing whether it had been collected
     */
    static PassResult.Failure thrown(Throwable thrown, int lost, boolean storing) {
        String type = Containment.typeOf(thrown);
        String message = Containment.messageOf(thrown);
        if (thrown instanceof LossException known) {
            return new PassResult.Failure(
                    known.loss(), lost, message, known.loss().reason(), null);
        }
        boolean bug = !(thrown instanceof IOException
                || thrown instanceof StoreException
                || thrown instanceof InterruptedException);
        Loss loss = storing ? Loss.STORE_FAILED : thrown instanceof Error ? Loss.JVM_ERROR : Loss.EXCEPTION;
        return new PassResult.Failure(
                loss,
                lost,
                storing
                        ? "the store did not keep the pass: " + message + "; see health of storage"
                        : type + ": " + message,
                type,
                bug ? thrown : null);
    }
}
