package io.tidewatch.systemd;

import java.time.Duration;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.function.BooleanSupplier;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Looks at the agent every few seconds, often while it starts. Safe for use by several threads. */
final class NotifyingThread {
    private static final Logger LOG = LoggerFactory.getLogger(NotifyingThread.class);
    private static final Duration WHILE_STARTING = Duration.ofMillis(250);
    private static final Duration LONGEST = Duration.ofSeconds(20);

    /** Enough signs of life for one of them to come late. */
    private static final int SIGNS_PER_WATCHDOG = 3;

    private final BooleanSupplier look;
    private final Duration pause;
    private final Thread thread = new Thread(this::run, "tidewatch-systemd");
    private final CountDownLatch end = new CountDownLatch(1);

    /** @param look whether the agent is ready */
    NotifyingThread(BooleanSupplier look, @Nullable Duration watchdog) {
        this.look = look;
        this.pause = pause(watchdog);
        // A daemon: there is nothing that it could lose.
        thread.setDaemon(true);
    }

    /** Time from one look to the next, once the agent is ready. */
    static Duration pause(@Nullable Duration watchdog) {
        Duration third = watchdog == null ? LONGEST : watchdog.dividedBy(SIGNS_PER_WATCHDOG);
        return third.compareTo(LONGEST) < 0 ? third : LONGEST;
    }

    void start() {
        thread.start();
    }

    void end() throws InterruptedException {
        end.countDown();
        thread.join();
    }

    private void run() {
        boolean ready;
        do {
            ready = false;
            try {
                ready = look.getAsBoolean();
            } catch (RuntimeException | Error e) {
                // What cannot even be looked at gets no sign of life. The next look may do better.
                LOG.error("Notifying systemd of the status of the agent failed", e);
            }
        } while (!endsWithin(ready ? pause : WHILE_STARTING));
    }

    private boolean endsWithin(Duration time) {
        try {
            return end.await(time.toNanos(), TimeUnit.NANOSECONDS);
        } catch (InterruptedException e) {
            // An interrupt is a request to end.
            return true;
        }
    }
}
