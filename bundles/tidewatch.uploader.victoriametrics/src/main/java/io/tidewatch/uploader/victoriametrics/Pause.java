package io.tidewatch.uploader.victoriametrics;

import java.time.Duration;

/** How a thread waits. */
interface Pause {
    /** Why a wait ended. */
    enum End {
        /** The time was up. */
        OVER,
        /** Something else happened that is worth ending the wait early. */
        BROKEN,
        /** The device has other routes or addresses than before. */
        NETWORK
    }

    /** Waits; never ends with {@link End#NETWORK}. */
    End await(Duration duration) throws InterruptedException;

    /** Waits for a server that was not reached: the wait ends as well when the network of the device changes. */
    End awaitNetwork(Duration duration) throws InterruptedException;
}
