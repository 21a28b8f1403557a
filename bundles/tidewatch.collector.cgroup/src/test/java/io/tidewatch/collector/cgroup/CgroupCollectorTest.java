package io.tidewatch.collector.cgroup;

import static org.assertj.core.api.Assertions.assertThat;

import io.tidewatch.api.collector.Collector;
import io.tidewatch.api.collector.Diagnostic;
import io.tidewatch.api.collector.Metric;
import io.tidewatch.procfs.ProcFs;
import io.tidewatch.testing.collector.DocumentedCollector;
import io.tidewatch.testing.collector.FixtureTree;
import io.tidewatch.testing.collector.RealMachine;
import io.tidewatch.testing.collector.RealMachineContract;
import java.io.IOException;
import java.nio.file.Path;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class CgroupCollectorTest implements RealMachineContract, DocumentedCollector {
    private static final String TOP = "sys/fs/cgroup/";

    @TempDir
    Path folder;

    @Override
    public Collector typicalCollector() throws IOException {
        return on("docker-v2");
    }

    @Override
    public Collector collectorWithoutSource() {
        return collectorOn(FixtureTree.empty(folder).procFs());
    }

    @Override
    public Collector collectorOn(ProcFs procFs) {
        return new CgroupCollector(procFs);
    }

    @Override
    public boolean thisMachineHas(Metric metric) throws Exception {
        String files = metric.name().contains("cpu")
                ? "cpu.max cpu/cpu.cfs_quota_us"
                : "memory.max memory/memory.limit_in_bytes";
        return RealMachine.run(
                        "sh",
                        "-c",
                        "cd /sys/fs/cgroup && cat " + files
                                + " 2>/dev/null | grep -v -E '^(max|-1|9223372036854771712)' || true")
                .matches("(?s).*[0-9].*");
    }

    @ParameterizedTest
    @ValueSource(strings = {"docker-v2", "docker-v1"})
    void reportsTheSameOfBothVersions(String container) throws Exception {
        CgroupCollector collector = on(container);

        assertThat(RealMachine.valuesOf(collector.collect()))
                .isEqualTo(Map.of(
                        "cgroup.memory_limit_bytes[]", 268435456.0,
                        "cgroup.memory_used_bytes[]", 100663296.0,
                        "cgroup.oom_kills_total[]", 2.0,
                        "cgroup.cpu_limit_cores[]", 1.5,
                        "cgroup.cpu_periods_total[]", 81204.0,
                        "cgroup.cpu_throttled_periods_total[]", 402.0,
                        "cgroup.cpu_throttled_seconds_total[]", 20.114));
        assertThat(collector.diagnostics()).isEmpty();
    }

    /** A machine of each version, and the container of a machine with both that limits nothing. */
    @ParameterizedTest
    @ValueSource(strings = {"machine-v2", "machine-v1", "unlimited-v2", "unlimited-v1"})
    void withoutALimitThereIsNothingToSay(String machine) throws Exception {
        CgroupCollector collector = on(machine);

        assertThat(collector.collect()).isEmpty();
        assertThat(collector.diagnostics()).isEmpty();
    }

    @Test
    void aLimitOfOneResourceIsReportedWithoutTheOther() throws Exception {
        FixtureTree tree = FixtureTree.copy("docker-v2", folder);
        tree.write(TOP + "cpu.max", "max 100000\n");

        assertThat(RealMachine.valuesOf(collectorOn(tree.procFs()).collect()))
                .containsOnlyKeys(
                        "cgroup.memory_limit_bytes[]", "cgroup.memory_used_bytes[]", "cgroup.oom_kills_total[]");

        tree.write(TOP + "memory.max", "max\n");
        tree.write(TOP + "cpu.max", "20000 100000\n");
        assertThat(RealMachine.valuesOf(collectorOn(tree.procFs()).collect()))
                .hasSize(4)
                .containsEntry("cgroup.cpu_limit_cores[]", 0.2);
    }

    /** Linux counts the kills of a cgroup from 4.13 on. */
    @ParameterizedTest
    @CsvSource({"docker-v2, memory.events, low 0", "docker-v1, memory/memory.oom_control, under_oom 0"})
    void aKernelThatDoesNotCountKillsReportsNoneAndSaysNothing(String container, String file, String rows)
            throws Exception {
        FixtureTree tree = FixtureTree.copy(container, folder);
        tree.write(TOP + file, rows + "\n");
        CgroupCollector collector = new CgroupCollector(tree.procFs());

        assertThat(RealMachine.valuesOf(collector.collect())).hasSize(6).doesNotContainKey("cgroup.oom_kills_total[]");
        assertThat(collector.diagnostics()).isEmpty();
    }

    @ParameterizedTest
    @CsvSource({
        "docker-v2, memory.max, ''",
        "docker-v2, memory.max, maximum",
        "docker-v2, memory.max, -1",
        "docker-v2, cpu.max, 20000",
        "docker-v2, cpu.max, 20000 0",
        "docker-v2, cpu.max, 0 100000",
        "docker-v2, cpu.max, 18446744073709551615 100000",
        "docker-v1, memory/memory.limit_in_bytes, 268435456x",
        "docker-v1, cpu/cpu.cfs_quota_us, -2",
        "docker-v1, cpu/cpu.cfs_period_us, 0",
        "docker-v1, cpu/cpu.cfs_period_us, ''"
    })
    void aDamagedLimitCostsItselfAndIsNamed(String container, String file, String text) throws Exception {
        FixtureTree tree = FixtureTree.copy(container, folder);
        tree.write(TOP + file, text + "\n");
        CgroupCollector collector = new CgroupCollector(tree.procFs());

        assertThat(RealMachine.valuesOf(collector.collect()))
                .hasSize(6)
                .doesNotContainKey(file.contains("cpu") ? "cgroup.cpu_limit_cores[]" : "cgroup.memory_limit_bytes[]");
        assertThat(collector.diagnostics()).isNotEmpty().allSatisfy(diagnostic -> {
            assertThat(diagnostic.severity()).isEqualTo(Diagnostic.Severity.DAMAGED);
            assertThat(diagnostic.subject()).isEqualTo(file);
            assertThat(diagnostic.message()).contains(file + ":1: expected");
        });
    }

    @Test
    void aFileThatIsNotThereCostsItselfInSilence() throws Exception {
        FixtureTree tree = FixtureTree.copy("docker-v2", folder);
        tree.remove(TOP + "memory.events");
        tree.remove(TOP + "cpu.stat");
        CgroupCollector collector = new CgroupCollector(tree.procFs());

        assertThat(RealMachine.valuesOf(collector.collect()))
                .containsOnlyKeys(
                        "cgroup.memory_limit_bytes[]", "cgroup.memory_used_bytes[]", "cgroup.cpu_limit_cores[]");
        assertThat(collector.diagnostics()).isEmpty();
    }

    private CgroupCollector on(String machine) throws IOException {
        return new CgroupCollector(FixtureTree.copy(machine, folder).procFs());
    }
}
