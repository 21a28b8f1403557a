package io.tidewatch.health;

import io.tidewatch.health.http.PacedAnswer;
import jakarta.servlet.AsyncContext;
import jakarta.servlet.AsyncEvent;
import jakarta.servlet.AsyncListener;
import jakarta.servlet.http.HttpServletRequest;
import java.io.IOException;
import java.time.Duration;
import java.util.Iterator;
import java.util.concurrent.Semaphore;
import java.util.function.Supplier;

/**
 * Sends pages to scrapers, each at its own speed and without blocking a thread of the server: a slow scraper must not
 * delay health. Safe for use by several threads.
 */
final class MetricsScrapes {
    /** Each holds a list of the newest samples. */
    static final int MOST = 4;

    /** Prometheus gives up after 10 seconds by default. */
    private static final Duration LIMIT = Duration.ofSeconds(30);

    private final Semaphore free = new Semaphore(MOST);

    /**
     * Sends a page after status and headers. Returns at once; false, with nothing done, if the maximum is being sent.
     */
    boolean send(HttpServletRequest request, Supplier<? extends Iterator<byte[]>> page) throws IOException {
        if (!free.tryAcquire()) {
            return false;
        }
        AsyncContext exchange = null;
        Iterator<byte[]> pieces;
        try {
            pieces = page.get();
            exchange = request.startAsync();
            exchange.addListener(new End());
        } finally {
            if (exchange == null) {
                free.release();
            }
        }
        exchange.setTimeout(LIMIT.toMillis());
        PacedAnswer.send(exchange, pieces);
        return true;
    }

    /** Frees the place, however the exchange ended. */
    private final class End implements AsyncListener {
        @Override
        public void onComplete(AsyncEvent event) {
            free.release();
        }

        @Override
        public void onTimeout(AsyncEvent event) {
            event.getAsyncContext().complete();
        }

        @Override
        public void onError(AsyncEvent event) {
            // onComplete follows.
        }

        @Override
        public void onStartAsync(AsyncEvent event) {
            // Never restarted.
        }
    }
}
