package io.tidewatch.testing.process;

import static org.awaitility.Awaitility.await;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Duration;
import java.util.List;
import java.util.Locale;

/** Scripts that a test writes and runs, and the processes that they leave. */
public record Scripts(Path folder) {
    /** Writes a script for sh; in it {@code $D} is the folder. Returns its path. */
    public Path write(String name, String... lines) throws IOException {
        Path script = folder.resolve(name);
        Files.writeString(script, "#!/bin/sh\nexport D=" + folder + "\n" + String.join("\n", lines) + "\n");
        Files.setPosixFilePermissions(script, PosixFilePermissions.fromString("rwxr-xr-x"));
        return script;
    }

    /** The arguments of all calls of a stub, one a line. */
    public List<String> calls() throws IOException {
        Path calls = folder.resolve("calls");
        return Files.exists(calls) ? Files.readAllLines(calls) : List.of();
    }

    /** Awaits the process ids that scripts have written into a file of the folder, one a line. */
    public List<Long> awaitPids(String file, int count) {
        await().atMost(Duration.ofSeconds(20)).until(() -> pids(file).size() >= count);
        return pids(file);
    }

    private List<Long> pids(String file) {
        try {
            String text = Files.readString(folder.resolve(file));
            return text.substring(0, text.lastIndexOf('\n') + 1)
                    .lines()
                    .map(line -> Long.valueOf(line.strip()))
                    .toList();
        } catch (IOException e) {
            return List.of();
        }
    }

    /** Awaits that none of these processes runs any more; those that are dead and not reaped by their new parent do not. */
    public static void awaitGone(List<Long> pids) {
        await().atMost(Duration.ofSeconds(10)).until(() -> pids.stream().noneMatch(Scripts::runs));
    }

    /** Whether there is such a process, and it is not dead by its state as of proc(5). */
    public static boolean runs(long pid) {
        try {
            String stat = Files.readString(Path.of("/proc/" + pid + "/stat"));
            String state = stat.substring(stat.lastIndexOf(')') + 1).strip().toUpperCase(Locale.ROOT);
            return !state.isEmpty() && !state.startsWith("Z") && !state.startsWith("X");
        } catch (IOException e) {
            // It went, maybe while it was read.
            return false;
        }
    }
}
