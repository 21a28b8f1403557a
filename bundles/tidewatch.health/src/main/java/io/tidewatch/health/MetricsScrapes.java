package io.tidewatch.health;

import jakarta.servlet.AsyncContext;
import jakarta.servlet.AsyncEvent;
import jakarta.servlet.AsyncListener;
import jakarta.servlet.ServletOutputStream;
import jakarta.servlet.WriteListener;
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
     * Sends a page; status and headers are set. Returns at once.
     *
     * @param page made when there is a place for it
     * @return false if the maximum number of pages is being sent; nothing was done
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
        ServletOutputStream out = exchange.getResponse().getOutputStream();
        out.setWriteListener(new Pieces(exchange, out, pieces));
        return true;
    }

    /** Writes a piece whenever the connection has room for it. */
    private static final class Pieces implements WriteListener {
        private final AsyncContext exchange;
        private final ServletOutputStream out;
        private final Iterator<byte[]> page;

        Pieces(AsyncContext exchange, ServletOutputStream out, Iterator<byte[]> page) {
            this.exchange = exchange;
            this.out = out;
            this.page = page;
        }

        @Override
        public void onWritePossible() throws IOException {
            while (out.isReady()) {
                if (!page.hasNext()) {
                    exchange.complete();
                    return;
                }
                out.write(page.next());
            }
        }

        @Override
        public void onError(Throwable problem) {
            // The reader closed the connection, or reads nothing: there is no one to answer.
            exchange.complete();
        }
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
