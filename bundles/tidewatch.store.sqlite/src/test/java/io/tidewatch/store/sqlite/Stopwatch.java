package io.tidewatch.store.sqlite;

import java.lang.management.ManagementFactory;
import java.lang.management.ThreadInfo;
import java.lang.management.ThreadMXBean;
import java.util.Arrays;
import java.util.Locale;
import java.util.OptionalLong;

/** Adds up the time of what is measured: that of the clock, and that of the processor for this thread and the one that commits. */
final class Stopwatch {
    private static final ThreadMXBean THREADS = ManagementFactory.getThreadMXBean();

    private static final String COMMITS = "tidewatch-store-commit";

    private long clock;
    private long processor;
    private OptionalLong committing = OptionalLong.empty();

    void start() {
        if (committing.isEmpty()) {
            committing = Arrays.stream(THREADS.getThreadInfo(THREADS.getAllThreadIds()))
                    .filter(thread -> thread != null && thread.getThreadName().equals(COMMITS))
                    .mapToLong(ThreadInfo::getThreadId)
                    .findFirst();
        }
        clock -= System.nanoTime();
        processor -= processorTime();
    }

    void stop() {
        processor += processorTime();
        clock += System.nanoTime();
    }

    private long processorTime() {
        long own = THREADS.getCurrentThreadCpuTime();
        return committing.isPresent() ? own + THREADS.getThreadCpuTime(committing.getAsLong()) : own;
    }

    /** Samples per second by the clock and by processor time, as two cells; a busy machine lowers the first. */
    String rates(long samples) {
        return String.format(Locale.ROOT, "%,.0f | %,.0f", samples * 1e9 / clock, samples * 1e9 / processor);
    }
}
