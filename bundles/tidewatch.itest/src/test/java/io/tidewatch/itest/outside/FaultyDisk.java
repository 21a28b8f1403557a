package io.tidewatch.itest.outside;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.concurrent.TimeUnit;

/**
 * A disk of which one random write, truncation or sync of the database's files fails in each stretch of time: a library
 * that is preloaded into the agent, {@code faultdisk.c} of the store's tests.
 */
final class FaultyDisk {
    private final Path failures;

    private FaultyDisk(Path failures) {
        this.failures = failures;
    }

    /** Gives one to an agent that does not run yet. */
    static FaultyDisk of(AgentProcess agent, int seconds) throws IOException, InterruptedException {
        Path library = agent.folder("faultdisk.so");
        Path source = Path.of("..", "tidewatch.store.sqlite", "src", "test", "c", "faultdisk.c");
        Process compiler = new ProcessBuilder(
                        "gcc",
                        "-O2",
                        "-shared",
                        "-fPIC",
                        "-o",
                        library.toString(),
                        source.toString(),
                        "-ldl",
                        "-pthread")
                .inheritIO()
                .start();
        if (!compiler.waitFor(1, TimeUnit.MINUTES) || compiler.exitValue() != 0) {
            throw new IOException(source + " does not compile");
        }
        Path state = Files.createDirectories(agent.database().getParent()).toRealPath();
        FaultyDisk disk = new FaultyDisk(agent.folder("failures"));
        agent.variable("LD_PRELOAD", library.toAbsolutePath().toString())
                .variable("FAULTDISK_FOLDER", state.toString())
                .variable("FAULTDISK_RATE", String.valueOf(seconds))
                .variable("FAULTDISK_COUNTS", disk.failures.toString());
        return disk;
    }

    /** How many calls have failed. */
    long failures() throws IOException {
        return Files.exists(failures) ? Files.readAllLines(failures).size() : 0;
    }
}
