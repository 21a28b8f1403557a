package io.tidewatch.store.sqlite.resilience;

import java.util.concurrent.Executor;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * Runs one task at a time, on a thread that exists only for it: copying a damaged database takes longer than a pass may
 * wait, and is rare. Tasks submitted while it is busy are rejected.
 */
public final class RecoveryThread implements Executor, AutoCloseable {
    private final Consumer<Thread> starter;
    private @Nullable Thread busy;
    private boolean closed;

    /** @param starter starts the thread */
    public RecoveryThread(Consumer<Thread> starter) {
        this.starter = starter;
    }

    @Override
    public synchronized void execute(Runnable work) {
        if (closed || (busy != null && busy.isAlive())) {
            return;
        }
        Thread thread = new Thread(work, "tidewatch-store-recovery");
        thread.setContextClassLoader(RecoveryThread.class.getClassLoader());
        // What is half done is begun anew at the next start.
        thread.setDaemon(true);
        busy = thread;
        try {
            starter.accept(thread);
        } catch (OutOfMemoryError e) {
            // The system has no thread for it now. The caller goes on, and asks again later.
            busy = null;
        }
    }

    /** Interrupts what is done and refuses everything else. */
    @Override
    public synchronized void close() {
        closed = true;
        if (busy != null) {
            busy.interrupt();
        }
    }
}
