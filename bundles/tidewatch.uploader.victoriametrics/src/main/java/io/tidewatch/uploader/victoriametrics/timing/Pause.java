package io.tidewatch.uploader.victoriametrics.timing;

import java.time.Duration;
import java.util.function.BooleanSupplier;

/** How a thread waits. */
public interface Pause {
    enum End {
        /** The time was up. */
        OVER,
        /** Something else happened that is worth ending the wait early. */
        BROKEN,
        /** The device has other routes or addresses than before. */
        NETWORK,
        /** Files of the device were changed. */
        FILES
    }

    /** Waits; ends neither with {@link End#NETWORK} nor with {@link End#FILES}. */
    End await(Duration duration) throws InterruptedException;

    /** Remembers the network of the device before an attempt. */
    void attempt();

    /**
     * Waits for a server that was not reached: the wait ends as well when the network of the device is not the one before
     * the last attempt, also if it changed during that attempt.
     */
    End awaitNetwork(Duration duration) throws InterruptedException;

    /** Waits for files that cannot be used; ends as well when they were changed, asked at once and every few seconds. */
    End awaitFiles(Duration duration, BooleanSupplier changed) throws InterruptedException;
}
