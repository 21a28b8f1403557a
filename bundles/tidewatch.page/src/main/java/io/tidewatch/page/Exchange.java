package io.tidewatch.page;

import io.tidewatch.health.http.PacedAnswer;
import jakarta.servlet.AsyncContext;
import jakarta.servlet.AsyncEvent;
import jakarta.servlet.AsyncListener;
import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletResponse;
import java.io.IOException;
import java.time.Duration;
import java.util.Collections;
import java.util.concurrent.Future;
import java.util.concurrent.Semaphore;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicReference;
import org.jspecify.annotations.Nullable;

/**
 * A request that is answered later, by any thread and once. It ends when its answer was read, when the reader goes, or at
 * a timeout. Safe for use by several threads.
 */
final class Exchange implements AsyncListener {
    /** For a query, its turn, and the reading of its answer. */
    private static final Duration LIMIT = Duration.ofSeconds(30);

    private final HttpServletResponse response;
    private final boolean bodyless;
    private final Runnable end;
    private final AsyncContext context;
    private final AtomicBoolean answered = new AtomicBoolean();
    private final AtomicBoolean ended = new AtomicBoolean();
    private final AtomicReference<@Nullable Semaphore> held = new AtomicReference<>();
    private volatile @Nullable Future<?> work;

    /** @param end called once, when it has ended */
    Exchange(HttpServletRequest request, HttpServletResponse response, Runnable end) {
        this.response = response;
        this.bodyless = request.getMethod().equals("HEAD");
        this.end = end;
        context = request.startAsync();
        context.setTimeout(LIMIT.toMillis());
        context.addListener(this);
    }

    /** What makes the answer; cancelled if the exchange ends before. */
    void workedOnBy(Future<?> future) {
        work = future;
        if (ended.get()) {
            future.cancel(true);
        }
    }

    /** A permit that was taken for the answer: given back when the exchange has ended. At most one. */
    void holds(Semaphore permits) {
        held.set(permits);
        if (ended.get()) {
            release();
        }
    }

    private void release() {
        Semaphore permits = held.getAndSet(null);
        if (permits != null) {
            permits.release();
        }
    }

    /** Sends the answer, unless there is one already. */
    void answer(Answer answer) {
        if (!answered.compareAndSet(false, true)) {
            return;
        }
        try {
            response.setStatus(answer.status());
            response.setContentType(answer.type());
            answer.headers().forEach(response::setHeader);
            PacedAnswer.send(context, bodyless ? Collections.emptyIterator() : answer.body());
        } catch (IOException | IllegalStateException e) {
            // The reader has gone: there is no one to answer.
            close();
        }
    }

    private void close() {
        Future<?> working = work;
        if (ended.compareAndSet(false, true)) {
            end.run();
            release();
        }
        if (working != null) {
            working.cancel(true);
        }
    }

    @Override
    public void onComplete(AsyncEvent event) {
        close();
    }

    @Override
    public void onTimeout(AsyncEvent event) {
        if (answered.compareAndSet(false, true)) {
            response.setStatus(HttpServletResponse.SC_SERVICE_UNAVAILABLE);
        }
        close();
        event.getAsyncContext().complete();
    }

    @Override
    public void onError(AsyncEvent event) {
        close();
    }

    @Override
    public void onStartAsync(AsyncEvent event) {
        // Never restarted.
    }
}
