package io.tidewatch.itest.outside;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.Map;

/**
 * What a process uses at a moment. Source: kernel documentation, filesystems/proc.rst, {@code smaps_rollup} and
 * {@code stat}.
 *
 * @param residentKb memory in RAM, in kB
 * @param proportionalKb the same, with what is shared divided among those who share it
 * @param anonymousKb what no file stands behind
 * @param cpuSeconds processor time since the start
 */
record ProcessUsage(long residentKb, long proportionalKb, long anonymousKb, double cpuSeconds) {
    private static final double TICKS_PER_SECOND = 100;
    private static final int USER_TIME = 11;
    private static final int SYSTEM_TIME = 12;

    /** @throws IOException if there is no such process, or it ends meanwhile */
    static ProcessUsage of(long pid) throws IOException {
        Path process = Path.of("/proc", Long.toString(pid));
        Map<String, Long> memory = new HashMap<>();
        for (String line : Files.readAllLines(process.resolve("smaps_rollup"))) {
            int colon = line.indexOf(':');
            if (line.endsWith(" kB")) {
                memory.put(
                        line.substring(0, colon),
                        Long.parseLong(
                                line.substring(colon + 1, line.length() - 3).trim()));
            }
        }
        String stat = Files.readString(process.resolve("stat"));
        String[] fields = stat.substring(stat.lastIndexOf(')') + 2).split(" ", -1);
        Long resident = memory.get("Rss");
        if (resident == null) {
            throw new IOException("The process " + pid + " ends");
        }
        return new ProcessUsage(
                resident,
                memory.get("Pss"),
                memory.get("Anonymous"),
                (Long.parseLong(fields[USER_TIME]) + Long.parseLong(fields[SYSTEM_TIME])) / TICKS_PER_SECOND);
    }

    /** The most memory in RAM that a process ever had, in kB. */
    static long mostResidentKb(long pid) throws IOException {
        String line = Files.readAllLines(Path.of("/proc", Long.toString(pid), "status")).stream()
                .filter(text -> text.startsWith("VmHWM:"))
                .findFirst()
                .orElseThrow(() -> new IOException("The process " + pid + " ends"));
        return Long.parseLong(line.replaceAll("\\D", ""));
    }
}
