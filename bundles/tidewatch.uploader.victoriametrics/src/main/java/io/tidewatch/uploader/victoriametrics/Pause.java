package io.tidewatch.uploader.victoriametrics;

import java.time.Duration;

/** How a thread waits. */
interface Pause {
    /**
     * Waits.
     *
     * @return false if something happened that is worth ending the wait early
     */
    boolean await(Duration duration) throws InterruptedException;
}
