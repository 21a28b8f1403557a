package io.tidewatch.benchmarks;

import io.tidewatch.procfs.Fields;
import io.tidewatch.procfs.ProcFs;
import io.tidewatch.testing.collector.FixtureTree;
import java.io.Closeable;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Comparator;
import java.util.List;
import java.util.stream.Stream;

/**
 * A machine of the fixtures in a temporary folder, for as long as a benchmark runs: its mount points exist as folders, so
 * that they can be asked for their space, and its time passes by {@link #tick()}.
 */
final class LinuxMachine implements Closeable {
    private final Path folder;
    private final ProcFs procFs;
    private final IdleTime time;

    private LinuxMachine(Path folder, ProcFs procFs) throws IOException {
        this.folder = folder;
        this.procFs = procFs;
        this.time = IdleTime.of(procFs.proc("stat"));
    }

    /**
     * Unpacks a machine of {@code tidewatch.testing}; the working folder is that of a bundle.
     *
     * @throws IOException if there is no such machine, or it cannot be unpacked
     */
    static LinuxMachine unpack(String name) throws IOException {
        Path folder = Files.createTempDirectory("tidewatch-benchmarks");
        ProcFs procFs = FixtureTree.machine(name, folder).procFs();
        makeMountPoints(procFs);
        return new LinuxMachine(folder, procFs);
    }

    /** Where its /proc, /sys and file systems are. */
    ProcFs procFs() {
        return procFs;
    }

    /** Lets a moment pass, so that the busy share of the cores can be measured. */
    void tick() {
        time.tick();
    }

    /** Removes the folder. */
    @Override
    public void close() throws IOException {
        try (Stream<Path> paths = Files.walk(folder)) {
            List<Path> leavesFirst = paths.sorted(Comparator.reverseOrder()).toList();
            for (Path path : leavesFirst) {
                Files.delete(path);
            }
        }
    }

    private static void makeMountPoints(ProcFs procFs) throws IOException {
        Fields mounts = procFs.procFile("1/mounts").read();
        while (mounts.nextLine()) {
            mounts.skipField();
            Files.createDirectories(procFs.mounted(mounts.word()));
        }
    }
}
