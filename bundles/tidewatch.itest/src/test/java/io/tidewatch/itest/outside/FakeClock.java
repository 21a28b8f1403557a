package io.tidewatch.itest.outside;

import java.io.File;
import java.io.IOException;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.time.Duration;
import java.util.Map;

/** A clock of an agent's own, by libfaketime: it says something else than the machine's and can be set while it runs. */
final class FakeClock {
    private final Path library;
    private final Path offsetFile;

    private FakeClock(Path library, Path offsetFile) {
        this.library = library;
        this.offsetFile = offsetFile;
    }

    /**
     * Gives an agent that is not running yet such a clock.
     *
     * @param offset how far it is ahead of the machine's; negative: behind
     */
    static FakeClock of(AgentProcess agent, Duration offset) throws IOException {
        FakeClock clock = new FakeClock(library(), agent.folder("faketime"));
        clock.set(offset);
        agent.variable("LD_PRELOAD", clock.library.toString())
                .variable("FAKETIME_TIMESTAMP_FILE", clock.offsetFile.toString())
                .variable("FAKETIME_NO_CACHE", "1")
                // The monotonic clock is real. With the fix for it every timed wait of the JVM hangs (0.9.10).
                .variable("FAKETIME_DONT_FAKE_MONOTONIC", "1")
                .variable("DONT_FAKE_MONOTONIC", "1")
                .variable("FAKETIME_FORCE_MONOTONIC_FIX", "0")
                .variable("NO_FAKE_STAT", "1");
        return clock;
    }

    /** The variables that give a process a clock which is so far ahead of the machine's; files keep their times. */
    static Map<String, String> fixed(Duration offset) throws IOException {
        String seconds = (offset.isNegative() ? "" : "+") + offset.toSeconds();
        return Map.of("LD_PRELOAD", library().toString(), "FAKETIME", seconds, "NO_FAKE_STAT", "1");
    }

    /** Sets it. */
    void set(Duration offset) throws IOException {
        Path next = offsetFile.resolveSibling("faketime.next");
        Files.writeString(next, (offset.isNegative() ? "" : "+") + offset.toSeconds() + "\n");
        Files.move(next, offsetFile, StandardCopyOption.ATOMIC_MOVE, StandardCopyOption.REPLACE_EXISTING);
    }

    /** Beside the programs on the PATH, as in /usr/lib/x86_64-linux-gnu/faketime. */
    private static Path library() throws IOException {
        for (String folder : System.getenv("PATH").split(File.pathSeparator, -1)) {
            Path libraries = Path.of(folder).resolveSibling("lib");
            if (Files.isDirectory(libraries)) {
                try (DirectoryStream<Path> architectures = Files.newDirectoryStream(libraries, Files::isDirectory)) {
                    for (Path architecture : architectures) {
                        Path candidate = architecture.resolve("faketime/libfaketime.so.1");
                        if (Files.exists(candidate)) {
                            return candidate;
                        }
                    }
                }
            }
        }
        throw new IllegalStateException(
                "libfaketime is not installed; install it (Debian: apt-get install libfaketime) or run ./test");
    }
}
