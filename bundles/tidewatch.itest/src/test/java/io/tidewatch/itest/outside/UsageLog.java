package io.tidewatch.itest.outside;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.ScheduledFuture;
import java.util.concurrent.TimeUnit;
import java.util.function.ToLongFunction;

/**
 * What an agent uses, looked at every few seconds by a thread of its own until it is closed. Safe for use by several
 * threads.
 */
final class UsageLog implements AutoCloseable {
    private static final long PERIOD_MS = 2000;
    private static final double MB = 1024;
    private static final Path LOAD = Path.of("/proc/loadavg");

    /**
     * One look.
     *
     * @param seconds since the begin of the log
     * @param pid the process, another one behind each start of the agent
     * @param databaseBytes size of the database without its log
     * @param walBytes size of the write-ahead log
     * @param machineLoad threads on the whole machine that ran or waited for a disk, averaged over a minute
     */
    record Entry(double seconds, long pid, ProcessUsage usage, long databaseBytes, long walBytes, double machineLoad) {}

    private final AgentProcess agent;
    private final long start = System.nanoTime();
    private final List<Entry> entries = new ArrayList<>();
    private final ScheduledExecutorService timer = Executors.newSingleThreadScheduledExecutor(work -> {
        Thread thread = new Thread(work, "usage-log");
        thread.setDaemon(true);
        return thread;
    });

    private final ScheduledFuture<?> looking;

    /** Begins to look. */
    UsageLog(AgentProcess agent) {
        this.agent = agent;
        looking = timer.scheduleAtFixedRate(this::look, 0, PERIOD_MS, TimeUnit.MILLISECONDS);
    }

    /** All of it so far. */
    List<Entry> entries() {
        synchronized (entries) {
            return new ArrayList<>(entries);
        }
    }

    /** The largest of something. */
    long most(ToLongFunction<Entry> what) {
        return entries().stream().mapToLong(what).max().orElse(0);
    }

    /** Processor time of all processes of the agent together. */
    double cpuSeconds() {
        double seconds = 0;
        List<Entry> all = entries();
        for (int i = 0; i < all.size(); i++) {
            if (i == all.size() - 1 || all.get(i + 1).pid() != all.get(i).pid()) {
                seconds += all.get(i).usage().cpuSeconds();
            }
        }
        return seconds;
    }

    /**
     * The looks at the process that was looked at longest, without its first ones.
     *
     * @param warmUp how long memory may grow behind a start
     */
    List<Entry> longestLife(Duration warmUp) {
        List<Entry> longest = List.of();
        List<Entry> all = entries();
        int begin = 0;
        for (int i = 1; i <= all.size(); i++) {
            if (i == all.size() || all.get(i).pid() != all.get(begin).pid()) {
                if (i - begin > longest.size()) {
                    longest = all.subList(begin, i);
                }
                begin = i;
            }
        }
        List<Entry> life = longest;
        return life.stream()
                .filter(entry -> entry.seconds() >= life.get(0).seconds() + warmUp.toSeconds())
                .toList();
    }

    /** How something in kB grows, in MB per hour. */
    static double growth(List<Entry> life, ToLongFunction<Entry> kilobytes) {
        MedianSlope slope = new MedianSlope();
        for (Entry entry : life) {
            slope.add(entry.seconds() / Duration.ofHours(1).toSeconds(), kilobytes.applyAsLong(entry) / MB);
        }
        return slope.slope();
    }

    @Override
    public void close() {
        looking.cancel(false);
        timer.shutdownNow();
    }

    private void look() {
        try {
            Process process = agent.process();
            if (process == null) {
                return;
            }
            Path wal = Path.of(agent.database() + "-wal");
            Entry entry = new Entry(
                    (System.nanoTime() - start) / 1e9,
                    process.pid(),
                    ProcessUsage.of(process.pid()),
                    Files.size(agent.database()),
                    Files.exists(wal) ? Files.size(wal) : 0,
                    Double.parseDouble(Files.readString(LOAD).split(" ", -1)[0]));
            // The start script becomes the agent; before that it is a shell.
            if (entry.usage().residentKb() > 20 * MB) {
                synchronized (entries) {
                    entries.add(entry);
                }
            }
        } catch (IOException e) {
            // The agent is being killed, or has only begun.
        }
    }
}
