package io.tidewatch.benchmarks;

import io.tidewatch.api.collector.Collector;
import io.tidewatch.collector.cgroup.CgroupCollector;
import io.tidewatch.collector.cpu.CpuCollector;
import io.tidewatch.collector.cpufreq.CpuFreqCollector;
import io.tidewatch.collector.disk.DiskCollector;
import io.tidewatch.collector.filesystem.FilesystemCollector;
import io.tidewatch.collector.load.LoadCollector;
import io.tidewatch.collector.memory.MemoryCollector;
import io.tidewatch.collector.mmc.MmcCollector;
import io.tidewatch.collector.network.NetworkCollector;
import io.tidewatch.collector.pressure.PressureCollector;
import io.tidewatch.collector.sensors.SensorsCollector;
import io.tidewatch.collector.tcp.TcpCollector;
import io.tidewatch.collector.thermal.ThermalCollector;
import io.tidewatch.collector.uptime.UptimeCollector;
import io.tidewatch.procfs.ProcFs;
import io.tidewatch.testing.config.TypedConfiguration;
import java.util.List;
import java.util.Map;
import java.util.function.Function;

/**
 * The collectors of kernel files that are shipped for Linux, by name, as they run by default; only the network collector reports every
 * interface but the loopback, for there to be something to do.
 */
final class LinuxCollectors {
    /** The name that stands for all of them. */
    static final String ALL = "all";

    private static final Map<String, Function<ProcFs, Collector>> BY_NAME = Map.ofEntries(
            Map.entry("cgroup", CgroupCollector::new),
            Map.entry("cpu", CpuCollector::new),
            Map.entry("cpufreq", CpuFreqCollector::new),
            Map.entry("disk", procFs -> new DiskCollector(procFs, TypedConfiguration.of(DiskCollector.Config.class))),
            Map.entry(
                    "filesystem",
                    procFs -> new FilesystemCollector(procFs, TypedConfiguration.of(FilesystemCollector.Config.class))),
            Map.entry("load", LoadCollector::new),
            Map.entry("memory", MemoryCollector::new),
            Map.entry("mmc", MmcCollector::new),
            Map.entry("network", procFs -> new NetworkCollector(procFs, everyInterface())),
            Map.entry("pressure", PressureCollector::new),
            Map.entry(
                    "sensors",
                    procFs -> new SensorsCollector(procFs, TypedConfiguration.of(SensorsCollector.Config.class))),
            Map.entry("tcp", TcpCollector::new),
            Map.entry("thermal", ThermalCollector::new),
            Map.entry("uptime", UptimeCollector::new));

    private LinuxCollectors() {}

    /**
     * New collectors of a machine.
     *
     * @param name of one of them, or {@link #ALL}
     * @throws IllegalArgumentException if none is called so
     */
    static List<Collector> of(String name, ProcFs procFs) {
        if (name.equals(ALL)) {
            return BY_NAME.values().stream().map(make -> make.apply(procFs)).toList();
        }
        Function<ProcFs, Collector> make = BY_NAME.get(name);
        if (make == null) {
            throw new IllegalArgumentException("There is no collector '" + name + "', only " + BY_NAME.keySet());
        }
        return List.of(make.apply(procFs));
    }

    private static NetworkCollector.Config everyInterface() {
        return TypedConfiguration.of(NetworkCollector.Config.class, Map.of("exclude", "lo", "max.interfaces", "1000"));
    }
}
