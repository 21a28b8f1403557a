package io.tidewatch.benchmarks;

import io.tidewatch.api.collector.Collector;
import io.tidewatch.collector.cpu.CpuCollector;
import io.tidewatch.collector.cpufreq.CpuFreqCollector;
import io.tidewatch.collector.disk.DiskCollector;
import io.tidewatch.collector.filesystem.FilesystemCollector;
import io.tidewatch.collector.load.LoadCollector;
import io.tidewatch.collector.memory.MemoryCollector;
import io.tidewatch.collector.network.NetworkCollector;
import io.tidewatch.collector.pressure.PressureCollector;
import io.tidewatch.collector.thermal.ThermalCollector;
import io.tidewatch.collector.uptime.UptimeCollector;
import io.tidewatch.procfs.ProcFs;
import io.tidewatch.testing.collector.FixtureTree;
import io.tidewatch.testing.config.Configurations;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;

/**
 * The collectors on the fixture machine {@code x86-server}: 64 cores, and as many of its 50 interfaces as
 * {@code max.interfaces} lets through once only the loopback is excluded, which are 32. Closing it removes the files.
 */
final class LargeServer implements AutoCloseable {
    private final Path folder;
    private final RunningClock clock;
    private final Map<String, Collector> collectors = new LinkedHashMap<>();

    /** @param machines folder of the fixture machines */
    LargeServer(Path machines) throws IOException {
        folder = Files.createTempDirectory("tidewatch-bench");
        ProcFs procFs = FixtureTree.machine(machines, "x86-server", folder).procFs();
        clock = new RunningClock(folder.resolve("proc/stat"));
        collectors.put("cpu", new CpuCollector(procFs));
        collectors.put("memory", new MemoryCollector(procFs));
        collectors.put("disk", new DiskCollector(procFs, Configurations.of(DiskCollector.Config.class, Map.of())));
        collectors.put(
                "network",
                new NetworkCollector(
                        procFs, Configurations.of(NetworkCollector.Config.class, Map.of("exclude", "lo"))));
        collectors.put("thermal", new ThermalCollector(procFs));
        collectors.put("load", new LoadCollector(procFs));
        collectors.put("uptime", new UptimeCollector(procFs));
        collectors.put(
                "filesystem",
                new FilesystemCollector(procFs, Configurations.of(FilesystemCollector.Config.class, Map.of())));
        collectors.put("pressure", new PressureCollector(procFs));
        collectors.put("cpufreq", new CpuFreqCollector(procFs));
    }

    /** Lets a little time pass, so that the next pass finds other counters. */
    void letTimePass() throws IOException {
        clock.step();
    }

    /** Names of the collectors. */
    List<String> names() {
        return List.copyOf(collectors.keySet());
    }

    /**
     * The collectors of this name.
     *
     * @param name a collector, or {@code all}
     * @throws IllegalArgumentException if there is none
     */
    List<Collector> named(String name) {
        if (name.equals("all")) {
            return List.copyOf(collectors.values());
        }
        Collector collector = collectors.get(name);
        if (collector == null) {
            throw new IllegalArgumentException("No collector " + name + "; there are all and " + names());
        }
        return List.of(collector);
    }

    @Override
    public void close() throws IOException {
        clock.close();
        try (Stream<Path> files = Files.walk(folder)) {
            for (Path file : files.sorted((one, other) -> other.compareTo(one)).toList()) {
                Files.delete(file);
            }
        }
    }
}
