package io.tidewatch.logging;

import ch.qos.logback.classic.spi.ILoggingEvent;
import ch.qos.logback.core.UnsynchronizedAppenderBase;
import ch.qos.logback.core.encoder.Encoder;
import java.io.PrintStream;
import java.time.Clock;
import java.util.ArrayDeque;
import java.util.Queue;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/**
 * Writes events to standard output, on a thread of its own: a thread that logs never waits for the reader of the output, which may
 * have stopped reading. What waits is bounded; events beyond that are dropped, counted, and reported in the log once the
 * reader goes on. Health finds the figures in the system properties {@value #DROPPED} and {@value #STUCK}.
 */
public final class QueuedOutput extends UnsynchronizedAppenderBase<ILoggingEvent> {
    /** How many events were dropped since the process began. */
    static final String DROPPED = "tidewatch.log.dropped";

    /** Since when the output takes nothing, by the monotonic clock in seconds; not set while it does. */
    static final String STUCK = "tidewatch.log.stuck";

    /** What may wait, in bytes: a thousand lines. */
    static final int MOST_BYTES = 256 * 1024;

    private static final long DRAIN_MILLIS = 1000;

    /** A write that takes longer waits for the reader. */
    private static final long PATIENCE_NANOS = TimeUnit.SECONDS.toNanos(1);

    private final Queue<byte[]> waiting = new ArrayDeque<>();
    private final PrintStream out;
    private final boolean journal;
    private @Nullable Encoder<ILoggingEvent> encoder;
    private @Nullable Thread writer;

    // Guarded by this.
    private int waitingBytes;
    private long dropped;
    private boolean writing;
    private long writingSince;
    private boolean stuck;
    private boolean ending;

    /** For logback: writes to whatever standard output is. */
    public QueuedOutput() {
        this(System.out, Journal.READS);
    }

    QueuedOutput(PrintStream out, boolean journal) {
        this.out = out;
        this.journal = journal;
    }

    public void setEncoder(Encoder<ILoggingEvent> encoder) {
        this.encoder = encoder;
    }

    @Override
    public synchronized void start() {
        if (encoder == null || isStarted()) {
            return;
        }
        Thread thread = new Thread(this::write, "tidewatch-log");
        thread.setDaemon(true);
        writer = thread;
        ending = false;
        super.start();
        thread.start();
    }

    /** Waits until what is queued is written, for a second at most. */
    @Override
    public void stop() {
        Thread thread;
        synchronized (this) {
            super.stop();
            ending = true;
            thread = writer;
            notifyAll();
        }
        if (thread != null) {
            try {
                thread.join(DRAIN_MILLIS);
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
            }
        }
    }

    @Override
    protected void append(ILoggingEvent event) {
        Encoder<ILoggingEvent> encoding = encoder;
        if (encoding != null) {
            // Outside the lock: it is the costly part.
            byte[] lines = encoding.encode(event);
            queue(journal ? Journal.prefixed(event.getLevel(), lines) : lines);
        }
    }

    private synchronized void queue(byte[] line) {
        if (writing && System.nanoTime() - writingSince > PATIENCE_NANOS) {
            markStuck();
        }
        if (waitingBytes + line.length > MOST_BYTES) {
            dropped++;
            System.setProperty(DROPPED, Long.toString(Long.getLong(DROPPED, 0) + 1));
            return;
        }
        waiting.add(line);
        waitingBytes += line.length;
        notifyAll();
    }

    private void write() {
        try {
            for (byte[] line = next(); line != null; line = next()) {
                out.write(line, 0, line.length);
                out.flush();
                written();
            }
        } catch (InterruptedException e) {
            // Only the end of the process interrupts it.
            return;
        }
    }

    private synchronized byte @Nullable [] next() throws InterruptedException {
        while (waiting.isEmpty() && !ending) {
            wait();
        }
        byte[] line = waiting.poll();
        if (line != null) {
            waitingBytes -= line.length;
            writing = true;
            writingSince = System.nanoTime();
        }
        return line;
    }

    private synchronized void written() {
        writing = false;
        if (out.checkError()) {
            markStuck();
        } else if (stuck) {
            stuck = false;
            System.clearProperty(STUCK);
        }
        if (dropped > 0) {
            long count = dropped;
            dropped = 0;
            append(Throttle.warning(
                    Thread.currentThread().getName(),
                    Clock.systemUTC().instant(),
                    "{} log entries were dropped, as the reader of the output did not take them",
                    count));
        }
    }

    private void markStuck() {
        if (!stuck) {
            stuck = true;
            System.setProperty(STUCK, Long.toString(TimeUnit.NANOSECONDS.toSeconds(writingSince)));
        }
    }
}
