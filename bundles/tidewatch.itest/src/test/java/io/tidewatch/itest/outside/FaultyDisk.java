package io.tidewatch.itest.outside;

import io.tidewatch.testing.process.PreloadedLibrary;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;

/**
 * A disk that fails or does not answer when it is written to: a library that is preloaded into the agent, {@code faultdisk.c} of
 * the store's tests.
 */
final class FaultyDisk {
    private final Path failures;
    private final Path stall;

    private FaultyDisk(Path failures, Path stall) {
        this.failures = failures;
        this.stall = stall;
    }

    /** Gives an agent that does not run yet one of which a random write, truncation or sync fails in each stretch of time. */
    static FaultyDisk of(AgentProcess agent, int seconds) throws IOException, InterruptedException {
        FaultyDisk disk = of(agent);
        agent.variable("FAULTDISK_RATE", String.valueOf(seconds));
        return disk;
    }

    /** Gives an agent that does not run yet one that works until it is told otherwise. */
    static FaultyDisk of(AgentProcess agent) throws IOException, InterruptedException {
        Path library = PreloadedLibrary.compile(
                Path.of("../tidewatch.store.sqlite/src/test/c/faultdisk.c"), agent.folder("faultdisk.so"));
        Path state = Files.createDirectories(agent.database().getParent()).toRealPath();
        FaultyDisk disk = new FaultyDisk(agent.folder("failures"), agent.folder("stall"));
        agent.variable("LD_PRELOAD", library.toString())
                .variable("FAULTDISK_FOLDER", state.toString())
                .variable("FAULTDISK_STALL", disk.stall.toString())
                .variable("FAULTDISK_COUNTS", disk.failures.toString());
        return disk;
    }

    /** Lets no write, truncation or sync of the database's files return from now on. */
    void stall() throws IOException {
        Files.createFile(stall);
    }

    /** Lets them return. */
    void answer() throws IOException {
        Files.delete(stall);
    }

    /** How many calls have failed. */
    long failures() throws IOException {
        return Files.exists(failures) ? Files.readAllLines(failures).size() : 0;
    }
}
