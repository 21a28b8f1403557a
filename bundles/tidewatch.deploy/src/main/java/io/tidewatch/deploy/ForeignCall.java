package io.tidewatch.deploy;

import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;
import org.osgi.framework.Bundle;
import org.osgi.framework.wiring.BundleWiring;

/**
 * Code of a bundle that runs on a daemon thread of its own, with the bundle's class loader as that of its context: threads
 * that it starts inherit it, which identifies their bundle.
 */
final class ForeignCall {
    interface Action {
        void run() throws Exception;
    }

    private final String name;
    private final long begun = System.nanoTime();
    private final CountDownLatch over = new CountDownLatch(1);
    private volatile String failure = "";
    private boolean isBegun = true;

    /**
     * Begins it. If no thread can be started it is over at once, and has failed.
     *
     * @param starter starts the thread
     */
    ForeignCall(Bundle bundle, String name, Action action, Consumer<Thread> starter) {
        this.name = name;
        Thread thread = new Thread(() -> run(action), "tidewatch-deploy-" + name);
        thread.setDaemon(true);
        BundleWiring wiring = bundle.adapt(BundleWiring.class);
        if (wiring != null) {
            thread.setContextClassLoader(wiring.getClassLoader());
        }
        try {
            starter.accept(thread);
        } catch (OutOfMemoryError e) {
            isBegun = false;
            failure = "no thread could be started for its " + name + " (" + e.getMessage() + ")";
            over.countDown();
        }
    }

    private void run(Action action) {
        try {
            action.run();
        } catch (Throwable t) {
            Throwable cause = t;
            while (cause.getCause() != null && cause.getCause() != cause) {
                cause = cause.getCause();
            }
            failure = String.valueOf(cause).replaceAll("\\p{Cntrl}+", " ");
        } finally {
            // It is none of the bundle's threads.
            Thread.currentThread().setContextClassLoader(ForeignCall.class.getClassLoader());
            over.countDown();
        }
    }

    String name() {
        return name;
    }

    /** Whether there was a thread for it. */
    boolean isBegun() {
        return isBegun;
    }

    boolean isOver() {
        return over.getCount() == 0;
    }

    /** What it threw, in one line; empty if nothing. */
    String failure() {
        return failure;
    }

    long seconds() {
        return TimeUnit.NANOSECONDS.toSeconds(System.nanoTime() - begun);
    }

    /** Waits for its end, for some seconds at most. */
    void await(long seconds) {
        await(over, seconds);
    }

    /** Waits for an event, for some seconds at most; what has not come then comes in the background. */
    static void await(CountDownLatch event, long seconds) {
        try {
            boolean unused = event.await(seconds, TimeUnit.SECONDS);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }
}
