package io.tidewatch.itest.rivals;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.Stream;

/**
 * What processes have cost until now, taken together.
 *
 * @param residentKb RSS of {@code smaps_rollup}
 * @param proportionalKb PSS: each page that several processes map is divided between them
 * @param anonymousKb of the resident pages those that no file backs
 * @param peakKb the most that was ever resident ({@code VmHWM})
 * @param threads how many there are
 * @param cpuTicks user and system time
 * @param voluntarySwitches by thread, how often it has let go of the processor to wait: each was a wakeup
 * @param writtenBytes what the kernel was made to write to block devices, whole pages ({@code write_bytes})
 */
record ProcessReading(
        long residentKb,
        long proportionalKb,
        long anonymousKb,
        long peakKb,
        int threads,
        long cpuTicks,
        Map<Long, Long> voluntarySwitches,
        long writtenBytes) {

    /** @throws IOException if one of the processes is gone, or another user's */
    static ProcessReading of(List<Long> pids) throws IOException {
        ProcessReading sum = new ProcessReading(0, 0, 0, 0, 0, 0, Map.of(), 0);
        for (long pid : pids) {
            sum = sum.plus(of(Path.of("/proc", Long.toString(pid))));
        }
        return sum;
    }

    /** @param process its folder below {@code /proc} */
    static ProcessReading of(Path process) throws IOException {
        String rollup = Files.readString(process.resolve("smaps_rollup"));
        String status = Files.readString(process.resolve("status"));
        return new ProcessReading(
                ProcText.number(rollup, "Rss"),
                ProcText.number(rollup, "Pss"),
                ProcText.number(rollup, "Anonymous"),
                ProcText.number(status, "VmHWM"),
                Math.toIntExact(ProcText.number(status, "Threads")),
                ProcText.cpuTicks(Files.readString(process.resolve("stat"))),
                switchesOf(process.resolve("task")),
                ProcText.number(Files.readString(process.resolve("io")), "write_bytes"));
    }

    /** Wakeups since an earlier reading of the same processes; those of threads that have ended since are not known. */
    long wakeupsSince(ProcessReading earlier) {
        return voluntarySwitches.entrySet().stream()
                .mapToLong(thread -> thread.getValue() - earlier.voluntarySwitches.getOrDefault(thread.getKey(), 0L))
                .sum();
    }

    private ProcessReading plus(ProcessReading other) {
        Map<Long, Long> switches = new TreeMap<>(voluntarySwitches);
        switches.putAll(other.voluntarySwitches);
        return new ProcessReading(
                residentKb + other.residentKb,
                proportionalKb + other.proportionalKb,
                anonymousKb + other.anonymousKb,
                peakKb + other.peakKb,
                threads + other.threads,
                cpuTicks + other.cpuTicks,
                switches,
                writtenBytes + other.writtenBytes);
    }

    private static Map<Long, Long> switchesOf(Path tasks) throws IOException {
        Map<Long, Long> switches = new TreeMap<>();
        try (Stream<Path> threads = Files.list(tasks)) {
            for (Path thread : threads.toList()) {
                try {
                    switches.put(
                            Long.parseLong(thread.getFileName().toString()),
                            ProcText.number(Files.readString(thread.resolve("status")), "voluntary_ctxt_switches"));
                } catch (NoSuchFileException e) {
                    // The thread has ended in between.
                }
            }
        }
        return switches;
    }
}
