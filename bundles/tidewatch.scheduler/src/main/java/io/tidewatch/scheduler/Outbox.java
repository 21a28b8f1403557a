package io.tidewatch.scheduler;

import java.util.ArrayDeque;
import java.util.Queue;
import org.jspecify.annotations.Nullable;

/**
 * Calls into foreign code that were decided on under a lock, and are made in the same order once no lock is held. One
 * call at a time: a thread that finds another one calling leaves its calls to it.
 */
final class Outbox {
    private final Queue<Runnable> calls = new ArrayDeque<>();
    private boolean busy;

    /** Remembers a call. What it throws is dropped. */
    synchronized void add(Runnable call) {
        calls.add(call);
    }

    /** Makes the calls. The caller holds no lock. */
    void flush() {
        for (Runnable call = begin(); call != null; call = next()) {
            Containment.quietly(call);
        }
    }

    private synchronized @Nullable Runnable begin() {
        if (busy) {
            return null;
        }
        busy = true;
        return next();
    }

    private synchronized @Nullable Runnable next() {
        Runnable call = calls.poll();
        busy = call != null;
        return call;
    }
}
