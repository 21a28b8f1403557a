package io.tidewatch.health.http;

import jakarta.servlet.AsyncContext;
import jakarta.servlet.ServletOutputStream;
import jakarta.servlet.WriteListener;
import java.io.IOException;
import java.util.Iterator;

/**
 * Sends the body of an answer piece by piece, each when the connection has room for it: a reader that is slow, or reads
 * nothing, holds no thread. The exchange is completed after the last piece, or when it fails.
 */
public final class PacedAnswer implements WriteListener {
    private final AsyncContext exchange;
    private final ServletOutputStream out;
    private final Iterator<byte[]> pieces;

    private PacedAnswer(AsyncContext exchange, ServletOutputStream out, Iterator<byte[]> pieces) {
        this.exchange = exchange;
        this.out = out;
        this.pieces = pieces;
    }

    /**
     * Begins to send; status and headers are set. Returns at once.
     *
     * @param exchange with a timeout, which ends an answer that is not read
     * @param pieces asked by one thread at a time, each made when it can be sent
     */
    public static void send(AsyncContext exchange, Iterator<byte[]> pieces) throws IOException {
        ServletOutputStream out = exchange.getResponse().getOutputStream();
        out.setWriteListener(new PacedAnswer(exchange, out, pieces));
    }

    @Override
    public void onWritePossible() throws IOException {
        while (out.isReady()) {
            if (!pieces.hasNext()) {
                exchange.complete();
                return;
            }
            out.write(pieces.next());
        }
    }

    @Override
    public void onError(Throwable problem) {
        // The reader closed the connection, or reads nothing: there is no one to answer.
        exchange.complete();
    }
}
