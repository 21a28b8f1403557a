package io.tidewatch.collector.filesystem;

import java.time.Duration;
import java.util.HashMap;
import java.util.Map;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Future;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.ThreadPoolExecutor;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import org.jspecify.annotations.Nullable;

/**
 * Asks questions that may never be answered, such as for the space on a dead server: on a thread of its own, which is
 * left behind when the answer takes too long. It ends when the answer comes. One thread serves all questions as long as
 * none of them hangs, and ends when nothing is asked for a while.
 *
 * <p>Questions come from one thread at a time; {@link #close} may come from another.
 */
final class HangGuard {
    private static final Duration CLOSE_TIME = Duration.ofSeconds(2);

    private final String threadName;
    private final Duration idleTime;
    private final Map<String, Future<?>> leftBehind = new HashMap<>();
    private @Nullable ExecutorService worker;
    private boolean closed;

    /** @param idleTime how long a thread waits for another question before it ends; positive */
    HangGuard(String threadName, Duration idleTime) {
        this.threadName = threadName;
        this.idleTime = idleTime;
    }

    /**
     * Asks and waits for the answer; throws what the question threw as an {@link ExecutionException}.
     *
     * @param about what the question is about, see {@link #hangs}
     * @throws InterruptedException if the wait was interrupted, or this object is closed
     */
    <T> T ask(String about, Callable<T> question, Duration patience)
            throws TimeoutException, ExecutionException, InterruptedException {
        Future<T> answer = submit(question);
        try {
            return answer.get(patience.toNanos(), TimeUnit.NANOSECONDS);
        } finally {
            if (!answer.isDone()) {
                leaveBehind(about, answer);
            }
        }
    }

    synchronized boolean hangs(String about) {
        removeAnswered();
        return leftBehind.containsKey(about);
    }

    synchronized int hungThreads() {
        removeAnswered();
        return leftBehind.size();
    }

    /** Ends its thread and waits for that; those left behind end by themselves. Nothing can be asked any more. */
    void close() throws InterruptedException {
        ExecutorService last = shutDown();
        if (last != null && !last.awaitTermination(CLOSE_TIME.toMillis(), TimeUnit.MILLISECONDS)) {
            // It hangs: one more left behind.
            last.shutdownNow();
        }
    }

    private synchronized @Nullable ExecutorService shutDown() {
        closed = true;
        ExecutorService last = worker;
        worker = null;
        if (last != null) {
            last.shutdown();
        }
        return last;
    }

    private synchronized <T> Future<T> submit(Callable<T> question) throws InterruptedException {
        if (closed) {
            throw new InterruptedException("closed");
        }
        if (worker == null) {
            ThreadPoolExecutor fresh = new ThreadPoolExecutor(
                    1, 1, idleTime.toNanos(), TimeUnit.NANOSECONDS, new LinkedBlockingQueue<>(), this::newThread);
            fresh.allowCoreThreadTimeOut(true);
            worker = fresh;
        }
        return worker.submit(question);
    }

    private synchronized void leaveBehind(String about, Future<?> answer) {
        leftBehind.put(about, answer);
        if (worker != null) {
            worker.shutdown();
            worker = null;
        }
    }

    private void removeAnswered() {
        leftBehind.values().removeIf(Future::isDone);
    }

    private Thread newThread(Runnable task) {
        Thread thread = new Thread(task, threadName);
        thread.setDaemon(true);
        return thread;
    }
}
