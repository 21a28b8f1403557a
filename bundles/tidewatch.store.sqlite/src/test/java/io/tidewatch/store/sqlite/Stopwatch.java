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

    /** Rates of a number of samples; on a machine that others use too, the second one tells more. */
    String rate(long samples) {
        return String.format(
                Locale.ROOT,
                "%,.0f samples/s, %,.0f per second of processor time (%,d)",
                samples * 1e9 / clock,
                samples * 1e9 / processor,
                samples);
    }
}
