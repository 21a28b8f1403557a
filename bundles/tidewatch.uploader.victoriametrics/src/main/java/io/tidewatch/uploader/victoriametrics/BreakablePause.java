package io.tidewatch.uploader.victoriametrics;

import java.time.Duration;
import java.util.concurrent.TimeUnit;

/** A wait that another thread can end; a call that comes while nobody waits ends the next wait. */
final class BreakablePause implements Pause {
    private boolean broken;

    @Override
    public synchronized boolean await(Duration duration) throws InterruptedException {
        long end = System.nanoTime() + duration.toNanos();
        long left = duration.toNanos();
        while (!broken && left > 0) {
            TimeUnit.NANOSECONDS.timedWait(this, left);
            left = end - System.nanoTime();
        }
        boolean whole = !broken;
        broken = false;
        return whole;
    }

    /** Ends the wait. */
    synchronized void end() {
        broken = true;
        notifyAll();
    }
}
