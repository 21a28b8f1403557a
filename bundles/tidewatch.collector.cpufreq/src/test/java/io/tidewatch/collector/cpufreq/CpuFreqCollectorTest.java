package io.tidewatch.collector.cpufreq;

import static org.assertj.core.api.Assertions.assertThat;

import io.tidewatch.api.collector.Collector;
import io.tidewatch.api.collector.Metric;
import io.tidewatch.procfs.ProcFs;
import io.tidewatch.testing.collector.DocumentedCollector;
import io.tidewatch.testing.collector.FixtureTree;
import io.tidewatch.testing.collector.RealMachine;
import io.tidewatch.testing.collector.RealMachineContract;
import java.nio.file.Path;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class CpuFreqCollectorTest implements RealMachineContract, DocumentedCollector {
    private static final String POLICY = "sys/devices/system/cpu/cpufreq/policy";
    private static final String COOLING = "sys/class/thermal/cooling_device";

    @TempDir
    Path folder;

    @Override
    public Collector typicalCollector() throws Exception {
        policy(0, "0 1 2 3", "1800000", "1800000");
        policy(4, "4 5", "1416000", "2352000");
        coolingDevice(0, "cpufreq-cpu0", "0", "7");
        coolingDevice(3, "pwm-fan", "2", "4");
        return collectorWithoutSource();
    }

    @Override
    public Collector collectorWithoutSource() {
        return collectorOn(FixtureTree.empty(folder).procFs());
    }

    @Override
    public Collector collectorOn(ProcFs procFs) {
        return new CpuFreqCollector(procFs);
    }

    @Override
    public boolean thisMachineHas(Metric metric) throws Exception {
        if (metric.name().equals("cpu.throttled")) {
            return !RealMachine.run(
                            "sh",
                            "-c",
                            "cat /sys/class/thermal/cooling_device*/type 2>/dev/null | grep cpufreq || true")
                    .isEmpty();
        }
        String files = metric.name().startsWith("cpu")
                ? "/sys/devices/system/cpu/cpufreq/policy*/cpuinfo_max_freq"
                : "/sys/class/thermal/cooling_device*/max_state";
        return !RealMachine.run("sh", "-c", "cat " + files + " 2>/dev/null || true")
                .isEmpty();
    }

    @Test
    void reportsEachCoreOfAPolicyAndEachCoolingDeviceByItsType() throws Exception {
        Map<String, Double> values = RealMachine.valuesOf(typicalCollector().collect());

        assertThat(values)
                .hasSize(17)
                .containsEntry("cpu.frequency_hertz[0]", 1.8e9)
                .containsEntry("cpu.frequency_hertz[3]", 1.8e9)
                .containsEntry("cpu.frequency_hertz[5]", 1.416e9)
                .containsEntry("cpu.frequency_max_hertz[5]", 2.352e9)
                .containsEntry("thermal.cooling_state[cooling_device3, pwm-fan]", 2.0)
                .containsEntry("thermal.cooling_max_state[cooling_device3, pwm-fan]", 4.0)
                .containsEntry("thermal.cooling_state[cooling_device0, cpufreq-cpu0]", 0.0)
                .containsEntry("cpu.throttled[]", 0.0);
    }

    /** A device of cores, whatever the kernel calls it, at any state above 0; no fan, GPU or idle injection. */
    @ParameterizedTest
    @CsvSource({
        "cpufreq-cpu0, 1, 1.0",
        "cpufreq-cpu6, 11, 1.0",
        "thermal-cpufreq-0, 2, 1.0",
        "thermal-cpufreq-1, 0, 0.0",
        "pwm-fan, 4,",
        "devfreq-fb000000.gpu, 3,",
        "thermal-devfreq-0, 3,",
        "Processor, 3,",
        "intel_powerclamp, 5,",
        "cpufreq-cpu0, -1,",
        "cpufreq-cpu0, N/A,"
    })
    void coresAreThrottledByCoolingDevicesOfTheirOwnOnly(String type, String state, @Nullable Double throttled)
            throws Exception {
        coolingDevice(0, type, state, "11");

        Map<String, Double> values =
                RealMachine.valuesOf(collectorWithoutSource().collect());

        assertThat(values.get("cpu.throttled[]")).isEqualTo(throttled);
    }

    @Test
    void oneOfSeveralDevicesThrottles() throws Exception {
        coolingDevice(1, "cpufreq-cpu0", "0", "8");
        coolingDevice(2, "cpufreq-cpu4", "5", "11");
        coolingDevice(3, "cpufreq-cpu6", "0", "11");

        assertThat(RealMachine.valuesOf(collectorWithoutSource().collect())).containsEntry("cpu.throttled[]", 1.0);
    }

    /** One that cannot be read may be the one that throttles, unless another one does. */
    @ParameterizedTest
    @CsvSource({"cur_state, 0,", "cur_state, 1, 1.0", "type, 0,", "type, 1, 1.0"})
    void isUnknownWhileADeviceCannotBeRead(String file, String other, @Nullable Double throttled) throws Exception {
        Collector collector = collectorWithoutSource();
        coolingDevice(1, "cpufreq-cpu0", other, "8");
        coolingDevice(2, "cpufreq-cpu4", "0", "11");
        FixtureTree.empty(folder).makeUnreadable(COOLING + "2/" + file);

        assertThat(RealMachine.valuesOf(collector.collect()).get("cpu.throttled[]"))
                .isEqualTo(throttled);

        FixtureTree.empty(folder).remove(COOLING + "2/" + file);
        coolingDevice(2, "cpufreq-cpu4", "0", "11");
        assertThat(RealMachine.valuesOf(collector.collect())).containsEntry("cpu.throttled[]", Double.valueOf(other));
    }

    @Test
    void leavesOutWhatCannotBeRead() throws Exception {
        Collector collector = typicalCollector();
        FixtureTree tree = FixtureTree.empty(folder);
        tree.write(POLICY + "0/scaling_cur_freq", "<unknown>\n");
        tree.makeUnreadable(POLICY + "4/cpuinfo_max_freq");
        policy(6, "", "2000000", "2352000");
        tree.remove(COOLING + "0/type");
        tree.makeUnreadable(COOLING + "3/cur_state");
        coolingDevice(4, "", "1", "2");

        assertThat(RealMachine.valuesOf(collector.collect()))
                .containsOnlyKeys(
                        "cpu.frequency_max_hertz[0]",
                        "cpu.frequency_max_hertz[1]",
                        "cpu.frequency_max_hertz[2]",
                        "cpu.frequency_max_hertz[3]",
                        "cpu.frequency_hertz[4]",
                        "cpu.frequency_hertz[5]",
                        "thermal.cooling_max_state[cooling_device3, pwm-fan]");
    }

    /** Kernels before 4.3, which many vendors still ship. */
    @Test
    void readsTheFrequenciesOfOlderKernels() throws Exception {
        FixtureTree tree = FixtureTree.empty(folder);
        for (int core : new int[] {0, 1, 11}) {
            String cpufreq = "sys/devices/system/cpu/cpu" + core + "/cpufreq/";
            tree.write(cpufreq + "scaling_cur_freq", "60000" + core % 10 + "\n");
            tree.write(cpufreq + "cpuinfo_max_freq", "1512000\n");
        }
        tree.write("sys/devices/system/cpu/cpu2/online", "0\n");

        assertThat(RealMachine.valuesOf(collectorWithoutSource().collect()))
                .isEqualTo(Map.of(
                        "cpu.frequency_hertz[0]", 600_000_000.0,
                        "cpu.frequency_hertz[1]", 600_001_000.0,
                        "cpu.frequency_hertz[11]", 600_001_000.0,
                        "cpu.frequency_max_hertz[0]", 1.512e9,
                        "cpu.frequency_max_hertz[1]", 1.512e9,
                        "cpu.frequency_max_hertz[11]", 1.512e9));
    }

    @Test
    void coresGoOfflineAndDevicesComeBetweenPasses() throws Exception {
        Collector collector = typicalCollector();
        collector.collect();
        policy(0, "0 2", "408000", "1800000");
        coolingDevice(7, "thermal-gpufreq-0", "1", "5");

        assertThat(RealMachine.valuesOf(collector.collect()))
                .containsEntry("cpu.frequency_hertz[2]", 4.08e8)
                .containsEntry("thermal.cooling_state[cooling_device7, thermal-gpufreq-0]", 1.0)
                .doesNotContainKey("cpu.frequency_hertz[1]");
    }

    private void policy(int number, String cores, String current, String maximum) throws Exception {
        FixtureTree tree = FixtureTree.empty(folder);
        tree.write(POLICY + number + "/affected_cpus", cores + "\n");
        tree.write(POLICY + number + "/scaling_cur_freq", current + "\n");
        tree.write(POLICY + number + "/cpuinfo_max_freq", maximum + "\n");
    }

    private void coolingDevice(int number, String type, String state, String maximum) throws Exception {
        FixtureTree tree = FixtureTree.empty(folder);
        tree.write(COOLING + number + "/type", type + "\n");
        tree.write(COOLING + number + "/cur_state", state + "\n");
        tree.write(COOLING + number + "/max_state", maximum + "\n");
    }
}
