package io.tidewatch.page;

import java.util.HashMap;
import java.util.Map;
import java.util.concurrent.ArrayBlockingQueue;
import java.util.concurrent.Future;
import java.util.concurrent.FutureTask;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.ThreadFactory;
import java.util.concurrent.ThreadPoolExecutor;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/**
 * The thread that queries are answered by, one after the other. There is none while there are no queries. Safe for use by
 * several threads.
 */
final class QueryThread {
    /** Queries that wait, of all clients. */
    static final int MOST = 16;

    /** Those of one client, with the one that is being answered. */
    static final int MOST_OF_ONE = 8;

    private static final int IDLE_SECONDS = 10;

    private final Map<String, Integer> byClient = new HashMap<>();
    private final ThreadPoolExecutor executor;

    QueryThread() {
        this(task -> {
            Thread thread = new Thread(task, "tidewatch-page");
            thread.setDaemon(true);
            return thread;
        });
    }

    QueryThread(ThreadFactory threads) {
        executor =
                new ThreadPoolExecutor(1, 1, IDLE_SECONDS, TimeUnit.SECONDS, new ArrayBlockingQueue<>(MOST), threads);
        executor.allowCoreThreadTimeOut(true);
    }

    /** Has a query answered, soon; null if too many wait, or there is no thread for it. */
    @Nullable
    Future<?> submit(String client, Runnable query) {
        synchronized (byClient) {
            if (byClient.getOrDefault(client, 0) >= MOST_OF_ONE) {
                return null;
            }
            byClient.merge(client, 1, Integer::sum);
        }
        Task task = new Task(client, query);
        try {
            executor.execute(task);
            return task;
        } catch (RejectedExecutionException | OutOfMemoryError e) {
            task.cancel(false);
            return null;
        }
    }

    /** Ends it: what is being answered is interrupted. */
    void close() {
        executor.shutdownNow();
    }

    private final class Task extends FutureTask<@Nullable Void> {
        private final String client;

        Task(String client, Runnable query) {
            super(query, null);
            this.client = client;
        }

        /** Answered or cancelled, also while it waited. */
        @Override
        protected void done() {
            executor.remove(this);
            synchronized (byClient) {
                byClient.computeIfPresent(client, (name, count) -> count == 1 ? null : count - 1);
            }
        }
    }
}
