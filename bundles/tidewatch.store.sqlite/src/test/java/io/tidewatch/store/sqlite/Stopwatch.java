package io.tidewatch.store.sqlite;

import java.lang.management.ManagementFactory;
import java.lang.management.ThreadMXBean;
import java.util.Locale;

/** Adds up the time of what is measured: that of the clock, and that of the processor for this thread. */
final class Stopwatch {
    private static final ThreadMXBean THREADS = ManagementFactory.getThreadMXBean();

    private long clock;
    private long processor;

    void start() {
        clock -= System.nanoTime();
        processor -= THREADS.getCurrentThreadCpuTime();
    }

    void stop() {
        processor += THREADS.getCurrentThreadCpuTime();
        clock += System.nanoTime();
    }

    /** Samples per second by the clock and by processor time, as two cells; a busy machine lowers the first. */
    String rates(long samples) {
        return String.format(Locale.ROOT, "%,.0f | %,.0f", samples * 1e9 / clock, samples * 1e9 / processor);
    }
}
