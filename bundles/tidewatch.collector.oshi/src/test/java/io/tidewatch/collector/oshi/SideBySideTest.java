package io.tidewatch.collector.oshi;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import io.tidewatch.api.collector.Collector;
import io.tidewatch.testing.collector.RealMachine;
import io.tidewatch.testing.config.TypedConfiguration;
import java.net.NetworkInterface;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

/** The collectors on OSHI beside those on /proc, on the machine that the tests run on. */
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class SideBySideTest {
    /** What comes and goes, and what the kernel makes up by the dozen. */
    private static final String EXCLUDED_MOUNTS = "/proc/.+, /sys/.+, /dev/.+, /run/.+, /tmp/.+";

    private final Machine machine = new Machine();

    private final Collector cpu = new io.tidewatch.collector.cpu.CpuCollector(RealMachine.procFs());
    private final Collector memory = new io.tidewatch.collector.memory.MemoryCollector(RealMachine.procFs());
    private final Collector load = new io.tidewatch.collector.load.LoadCollector(RealMachine.procFs());
    private final Collector uptime = new io.tidewatch.collector.uptime.UptimeCollector(RealMachine.procFs());
    private final Collector network = new io.tidewatch.collector.network.NetworkCollector(
            RealMachine.procFs(),
            TypedConfiguration.of(
                    io.tidewatch.collector.network.NetworkCollector.Config.class,
                    Map.of("include", "", "exclude", "", "max.interfaces", "1000")));

    private final Collector filesystem = new io.tidewatch.collector.filesystem.FilesystemCollector(
            RealMachine.procFs(),
            TypedConfiguration.of(
                    io.tidewatch.collector.filesystem.FilesystemCollector.Config.class,
                    Map.of("include", "", "exclude", EXCLUDED_MOUNTS, "fstypes", ".*", "inodes", "false")));

    private final Collector oshiCpu = new CpuCollector(machine);
    private final Collector oshiMemory = new MemoryCollector(machine);
    private final Collector oshiLoad = new LoadCollector(machine);
    private final Collector oshiUptime = new UptimeCollector(machine);
    private final Collector oshiNetwork = new NetworkCollector(machine, NetworkCollectorTest.config("", "", "1000"));

    private final Collector oshiFilesystem =
            new FilesystemCollector(machine, FilesystemCollectorTest.config("", EXCLUDED_MOUNTS, ".*", "false"));

    Stream<Arguments> pairs() {
        return Stream.of(
                Arguments.of(oshiCpu, cpu),
                Arguments.of(oshiMemory, memory),
                Arguments.of(oshiLoad, load),
                Arguments.of(oshiUptime, uptime),
                Arguments.of(oshiNetwork, network),
                Arguments.of(oshiFilesystem, filesystem));
    }

    @ParameterizedTest
    @MethodSource("pairs")
    void declareTheSameMetrics(Collector onOshi, Collector onProc) {
        assertThat(onOshi.metrics()).isEqualTo(onProc.metrics());
    }

    /** Same name, interval, timeout, priority, settings of its own with their defaults, PID; a lower ranking. */
    @ParameterizedTest
    @MethodSource("pairs")
    void areConfiguredTheSame(Collector onOshi, Collector onProc) throws Exception {
        Map<String, String> expected =
                new TreeMap<>(ComponentDescription.of(onProc.getClass()).properties());
        expected.put("service.ranking", "-100");

        ComponentDescription description = ComponentDescription.of(onOshi.getClass());
        assertThat(description.properties()).isEqualTo(expected);
        assertThat(description.pid())
                .isEqualTo(ComponentDescription.of(onProc.getClass()).pid())
                .startsWith("tidewatch.collector.");
        assertThat(description.service()).isEqualTo(Collector.class.getName());
    }

    /** Both look at the same busy interval; it begins and ends a little later for one of them. */
    @Test
    void agreeOnTheProcessor() throws Exception {
        cpu.collect();
        oshiCpu.collect();
        RealMachine.burn(2000);
        Map<String, Double> expected = RealMachine.valuesOf(cpu.collect());
        Map<String, Double> values = RealMachine.valuesOf(oshiCpu.collect());

        // OSHI leaves out what has been 0 since boot, as it cannot be told from what is not kept.
        for (String series : List.of("cpu.iowait_percent[all]", "cpu.steal_percent[all]")) {
            if (!values.containsKey(series)) {
                assertThat(expected.remove(series)).isEqualTo(0.0);
            }
        }
        assertThat(values).containsOnlyKeys(expected.keySet());
        values.forEach((series, value) -> assertThat(value).as(series).isEqualTo(expected.get(series), within(5.0)));
        assertThat(values.entrySet().stream()
                        .filter(entry -> entry.getKey().matches("cpu.usage_percent.\\d+."))
                        .mapToDouble(Map.Entry::getValue)
                        .sum())
                .as("the thread that kept a core busy shows")
                .isGreaterThan(50);
    }

    @Test
    void agreeOnMemory() throws Exception {
        Map<String, Double> expected = RealMachine.valuesOf(memory.collect());
        Map<String, Double> values = RealMachine.valuesOf(oshiMemory.collect());

        assertThat(expected.remove("memory.oom_kills_total[]"))
                .as("what OSHI does not tell")
                .isNotNull();
        assertThat(values).containsOnlyKeys(expected.keySet());
        double total = expected.get("memory.total_bytes[]");
        values.forEach((series, value) -> assertThat(value)
                .as(series)
                .isEqualTo(expected.get(series), within(series.contains("total") ? 0 : 0.02 * total)));
    }

    /** The kernel computes new averages every five seconds, perhaps between two of the readings. */
    @Test
    void agreeOnLoad() throws Exception {
        Map<String, Double> before = RealMachine.valuesOf(load.collect());
        Map<String, Double> values = RealMachine.valuesOf(oshiLoad.collect());
        Map<String, Double> after = RealMachine.valuesOf(load.collect());

        assertThat(before.remove("load.runnable[]"))
                .as("what OSHI does not tell")
                .isNotNull();
        assertThat(values).containsOnlyKeys(before.keySet());
        double threads = values.remove("load.threads[]");
        assertThat(threads).isEqualTo(after.get("load.threads[]"), within(0.1 * threads + 20));
        values.forEach((series, value) -> assertThat(value)
                .as(series)
                .isBetween(
                        Math.min(before.get(series), after.get(series)) - 0.01,
                        Math.max(before.get(series), after.get(series)) + 0.01));
    }

    @Test
    void agreeOnUptime() throws Exception {
        Map<String, Double> expected = RealMachine.valuesOf(uptime.collect());
        Map<String, Double> values = RealMachine.valuesOf(oshiUptime.collect());

        assertThat(values).containsOnlyKeys(expected.keySet());
        values.forEach((series, value) -> assertThat(value).as(series).isEqualTo(expected.get(series), within(2.0)));
    }

    /** Counters only grow: what OSHI says lies between what /proc said before and says after. */
    @Test
    void agreeOnTheNetwork() throws Exception {
        Map<String, Double> before = RealMachine.valuesOf(network.collect());
        Map<String, Double> values = RealMachine.valuesOf(oshiNetwork.collect());
        Map<String, Double> after = RealMachine.valuesOf(network.collect());

        Set<String> addressed = new TreeSet<>();
        for (NetworkInterface each : Collections.list(NetworkInterface.getNetworkInterfaces())) {
            addressed.add(each.getName());
        }
        Set<String> expected = new TreeSet<>(before.keySet());
        expected.removeIf(series -> series.contains("tx_dropped")
                || (series.contains("[") && !series.endsWith("[]") && !addressed.contains(interfaceOf(series))));
        assertThat(values).containsOnlyKeys(expected).containsKey("network.rx_bytes_total[lo]");
        values.forEach(
                (series, value) -> assertThat(value).as(series).isBetween(before.get(series), after.get(series)));
    }

    /** All types of file systems; files are written all the time, so space differs a little. */
    @Test
    void agreeOnFileSystems() throws Exception {
        Map<String, Double> expected = RealMachine.valuesOf(filesystem.collect());
        Map<String, Double> values = RealMachine.valuesOf(oshiFilesystem.collect());

        assertThat(values).containsOnlyKeys(expected.keySet()).anySatisfy((series, value) -> assertThat(series)
                .startsWith("filesystem.size_bytes[/, "));
        values.forEach((series, value) -> {
            double limit = series.startsWith("filesystem.available") ? 100_000_000 : 0;
            assertThat(value)
                    .as(series)
                    .isEqualTo(expected.get(series), within(series.contains("percent") ? 1 : limit));
        });
    }

    private static String interfaceOf(String series) {
        return series.substring(series.indexOf('[') + 1, series.length() - 1);
    }
}
