package io.tidewatch.collector.cpu;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.entry;
import static org.assertj.core.api.Assertions.within;

import io.tidewatch.api.collector.Collector;
import io.tidewatch.api.collector.Diagnostic;
import io.tidewatch.api.collector.Metric;
import io.tidewatch.api.collector.Sample;
import io.tidewatch.procfs.ProcFormatException;
import io.tidewatch.procfs.ProcFs;
import io.tidewatch.testing.collector.DocumentedCollector;
import io.tidewatch.testing.collector.FixtureTree;
import io.tidewatch.testing.collector.RealMachine;
import io.tidewatch.testing.collector.RealMachineContract;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class CpuCollectorTest implements RealMachineContract, DocumentedCollector {
    private static final String TWO_CORES =
            "cpu  200 0 100 1000 100 0 0 0 0 0\ncpu0 100 0 50 500 50 0 0 0 0 0\ncpu1 100 0 50 500 50 0 0 0 0 0\n";

    @TempDir
    Path folder;

    @Override
    public Collector typicalCollector() throws IOException {
        return new CpuCollector(FixtureTree.copy("orangepi5plus", folder).procFs());
    }

    @Override
    public Collector collectorWithoutSource() {
        return new CpuCollector(FixtureTree.empty(folder).procFs());
    }

    @Override
    public int passesUntilComplete() {
        return 2;
    }

    @Override
    public void letTimePass() throws IOException {
        Path stat = folder.resolve("proc/stat");
        if (Files.exists(stat)) {
            Files.writeString(stat, Files.readString(stat).replaceAll("(?m)^(cpu\\d* +)(\\d+)", "$19$2"));
        }
    }

    @Override
    public Collector collectorOn(ProcFs procFs) {
        return new CpuCollector(procFs);
    }

    @Override
    public boolean thisMachineHas(Metric metric) throws Exception {
        return RealMachine.run("cat", "/proc/stat").startsWith("cpu ");
    }

    @Test
    void theFirstPassOnlyRemembers() throws Exception {
        assertThat(typicalCollector().collect()).isEmpty();
    }

    @Test
    void reportsTheShareOfTimeSinceThePreviousPass() throws Exception {
        assertThat(
                        secondPass(
                                TWO_CORES,
                                """
                        cpu  240 10 110 1110 130 3 4 3 40 10
                        cpu0 100 0 50 600 50 0 0 0 0 0
                        cpu1 140 10 60 510 80 3 4 3 40 10
                        """))
                .containsOnly(
                        entry("cpu.usage_percent[all]", 33.33),
                        entry("cpu.iowait_percent[all]", 14.29),
                        entry("cpu.steal_percent[all]", 1.43),
                        entry("cpu.usage_percent[0]", 0.0),
                        entry("cpu.usage_percent[1]", 63.64));
    }

    @Test
    void leavesOutACoreThatStoodStill() throws Exception {
        assertThat(
                        secondPass(
                                TWO_CORES,
                                """
                        cpu  300 0 100 1100 100 0 0 0 0 0
                        cpu0 100 0 50 500 50 0 0 0 0 0
                        cpu1 90 0 50 400 50 0 0 0 0 0
                        """))
                .containsOnlyKeys("cpu.usage_percent[all]", "cpu.iowait_percent[all]", "cpu.steal_percent[all]");
    }

    @ParameterizedTest
    @CsvSource({
        // user +80, idle +20, iowait one less: it counts as 0.
        "cpu  280 0 100 1020 99 0 0 0 0 0, 80.0, 0.0",
        // The same with iowait that moves on: 80 of 105.
        "cpu  280 0 100 1020 105 0 0 0 0 0, 76.19, 4.76",
        // user +80, idle +120, soft interrupts and system fall.
        "cpu  280 0 90 1120 100 0 0 0 0 0, 40.0, 0.0",
        // idle itself falls.
        "cpu  280 0 100 999 120 0 0 0 0 0, 80.0, 20.0"
    })
    void aFieldThatFallsCountsAsZero(String after, double usage, double iowait) throws Exception {
        assertThat(secondPass(TWO_CORES, after + "\n"))
                .isEqualTo(Map.of(
                        "cpu.usage_percent[all]", usage,
                        "cpu.iowait_percent[all]", iowait,
                        "cpu.steal_percent[all]", 0.0));
    }

    /** Case C21, steal of a host that was migrated: from a value that no counter has after a boot, down by 500 a second. */
    @Test
    void stealThatFallsInEveryPassHidesNothing() throws Exception {
        FixtureTree tree = FixtureTree.empty(folder);
        CpuCollector collector = new CpuCollector(tree.procFs());
        for (int i = 0; i < 5; i++) {
            long steal = 18_000_000_000L - 500L * i;
            String core = "%d 0 0 %d 0 0 0 %d 0 0\n".formatted(581_504 + 40 * i, 771_776 + 60 * i, steal / 2);
            tree.write(
                    "proc/stat",
                    "cpu  %d 0 0 %d 0 0 0 %d 0 0\ncpu0 %scpu1 %s"
                            .formatted(1_163_008 + 80 * i, 1_543_552 + 120 * i, steal, core, core));
            Map<String, Double> values = valuesOf(collector.collect());
            if (i > 0) {
                assertThat(values)
                        .isEqualTo(Map.of(
                                "cpu.usage_percent[all]", 40.0,
                                "cpu.usage_percent[0]", 40.0,
                                "cpu.usage_percent[1]", 40.0,
                                "cpu.iowait_percent[all]", 0.0,
                                "cpu.steal_percent[all]", 0.0));
            }
        }
        assertThat(collector.diagnostics()).isEmpty();
    }

    /** Case C02a: idle ticks over 2^63 in the aggregate row and in that of core 0. */
    @Test
    void aRowWithWrappedTicksCostsItself() throws Exception {
        FixtureTree tree = FixtureTree.copy("wrapped-idle", folder);
        CpuCollector collector = new CpuCollector(tree.procFs());
        collector.collect();
        assertThat(collector.diagnostics()).isEmpty();
        String text = Files.readString(folder.resolve("proc/stat"));
        tree.write(
                "proc/stat",
                text.replace("1163008", "1163028").replace("581504", "581514").replace(" 771776 ", " 771866 "));

        assertThat(valuesOf(collector.collect())).isEqualTo(Map.of("cpu.usage_percent[1]", 10.0));
        assertThat(collector.diagnostics())
                .extracting(Diagnostic::message)
                .satisfiesExactly(
                        all -> assertThat(all)
                                .contains("stat:1: expected ticks whose sum is below 2^63", "'15910903933238771776"),
                        core -> assertThat(core).contains("stat:2: ", "'15910903933238000000 0"));
    }

    @Test
    void leavesOutACoreUntilItWasSeenTwice() throws Exception {
        FixtureTree tree = FixtureTree.empty(folder);
        Collector collector = new CpuCollector(tree.procFs());
        tree.write("proc/stat", "cpu  100 0 0 100 0\ncpu0 100 0 0 100 0\n");
        collector.collect();
        tree.write("proc/stat", "cpu  200 0 0 200 0\ncpu0 100 0 0 150 0\ncpu5 100 0 0 150 0\n");
        assertThat(valuesOf(collector.collect())).doesNotContainKey("cpu.usage_percent[5]");
        tree.write("proc/stat", "cpu  300 0 0 300 0\ncpu5 150 0 0 200 0\n");
        assertThat(valuesOf(collector.collect()))
                .containsEntry("cpu.usage_percent[5]", 50.0)
                .doesNotContainKey("cpu.usage_percent[0]");
        tree.write("proc/stat", "cpu  400 0 0 400 0\ncpu0 200 0 0 150 0\n");
        assertThat(valuesOf(collector.collect())).doesNotContainKey("cpu.usage_percent[0]");
    }

    @Test
    void readsMoreCoresThanItExpected() throws Exception {
        StringBuilder before = new StringBuilder("cpu  0 0 0 0 0\n");
        StringBuilder after = new StringBuilder("cpu  1 0 0 1 0\n");
        for (int core = 0; core < 64; core++) {
            before.append("cpu").append(core).append(" 0 0 0 0 0\n");
            after.append("cpu").append(core).append(" 1 0 0 1 0\n");
        }
        assertThat(secondPass(before.toString(), after.toString()))
                .hasSize(66)
                .containsEntry("cpu.usage_percent[63]", 50.0);
    }

    @Test
    void aFileWithoutAUsableRowIsAnError() throws Exception {
        assertThatThrownBy(() ->
                        new CpuCollector(FixtureTree.copy("truncated", folder).procFs()).collect())
                .isInstanceOf(ProcFormatException.class)
                .hasMessageContaining("stat: has no line 'cpu' that can be read");
        for (String text : List.of("", "intr 5\n", "cpu -1 2 3 4", "cpux 1 2 3 4", "cpu 9223372036854775807 1 1 1")) {
            FixtureTree tree = FixtureTree.empty(folder);
            tree.write("proc/stat", text);
            assertThatThrownBy(() -> new CpuCollector(tree.procFs()).collect())
                    .as(text)
                    .isInstanceOf(ProcFormatException.class);
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"cpux 1 2 3 4", "cpu99999 1 2 3 4", "cpu3 1 2 3", "cpu3 1 2 x 4", "?#garbage"})
    void aDamagedRowIsNamedWithItsText(String row) throws Exception {
        FixtureTree tree = FixtureTree.empty(folder);
        CpuCollector collector = new CpuCollector(tree.procFs());
        tree.write("proc/stat", "cpu  100 0 0 100 0\n" + row + "\n");
        collector.collect();
        tree.write("proc/stat", "cpu  200 0 0 200 0\n" + row + "\n");

        assertThat(valuesOf(collector.collect())).containsEntry("cpu.usage_percent[all]", 50.0);
        assertThat(collector.diagnostics()).singleElement().satisfies(diagnostic -> {
            assertThat(diagnostic.severity()).isEqualTo(Diagnostic.Severity.DAMAGED);
            assertThat(diagnostic.message()).contains("stat:2: expected");
        });
    }

    @Test
    void aRowThatIsCutShortIsNotComparedWithAWholeOne() throws Exception {
        FixtureTree tree = FixtureTree.empty(folder);
        CpuCollector collector = new CpuCollector(tree.procFs());
        tree.write("proc/stat", "cpu  100 0 0 100 50 0 0 0\ncpu0 100 0 0 100 50 0 0 0\n");
        collector.collect();
        tree.write("proc/stat", "cpu  200 0 0 200 50 0 0 0\ncpu0 200 0 0 200\n");

        assertThat(valuesOf(collector.collect()))
                .doesNotContainKey("cpu.usage_percent[0]")
                .hasSize(3);
        assertThat(collector.diagnostics()).singleElement().satisfies(diagnostic -> assertThat(diagnostic.message())
                .endsWith("stat: the row of core 0 has 4 fields, 8 in the pass before"));
    }

    @Test
    void withoutTheAggregateRowTheCoresAreReported() throws Exception {
        assertThat(secondPass("cpu0 1 0 0 1\n", "cpu0 2 0 0 2\n")).isEqualTo(Map.of("cpu.usage_percent[0]", 50.0));
    }

    /** Linux before 2.6.11: a row ends before steal, which is then unknown and not 0. */
    @Test
    void aKernelThatDoesNotCountStealReportsNone() throws Exception {
        assertThat(secondPass("cpu  100 0 0 100 0 0 0\n", "cpu  200 0 0 200 0 0 0\n"))
                .isEqualTo(Map.of("cpu.usage_percent[all]", 50.0, "cpu.iowait_percent[all]", 0.0));
    }

    /** Within five points, as the two intervals are not quite the same. */
    @Test
    void agreesWithTheAggregateOfThisMachineOverTheSameInterval() throws Exception {
        Collector collector = collectorOn(RealMachine.procFs());
        long[] before = aggregate();
        collector.collect();
        RealMachine.burn(1000);
        Map<String, Double> values = RealMachine.valuesOf(collector.collect());
        long[] after = aggregate();

        double total = 0;
        for (int i = 0; i < before.length; i++) {
            total += after[i] - before[i];
        }
        double iowait = 100 * (after[4] - before[4]) / total;
        double idle = 100 * (after[3] - before[3]) / total;
        assertThat(values.get("cpu.usage_percent[all]")).isGreaterThan(0).isCloseTo(100 - idle - iowait, within(5.0));
        assertThat(values.get("cpu.iowait_percent[all]")).isCloseTo(iowait, within(5.0));
        assertThat(values.get("cpu.steal_percent[all]")).isCloseTo(100 * (after[7] - before[7]) / total, within(5.0));
        assertThat(values.keySet().stream().filter(key -> key.startsWith("cpu.usage_percent")))
                .as("every core and the whole")
                .hasSize(Runtime.getRuntime().availableProcessors() + 1);
    }

    /** user, nice, system, idle, iowait, irq, softirq, steal. */
    private static long[] aggregate() throws Exception {
        return Stream.of(RealMachine.run("sed", "-n", "s/^cpu  //p", "/proc/stat")
                        .strip()
                        .split(" ", -1))
                .limit(8)
                .mapToLong(Long::parseLong)
                .toArray();
    }

    private Map<String, Double> secondPass(String before, String after) throws Exception {
        FixtureTree tree = FixtureTree.empty(folder);
        Collector collector = new CpuCollector(tree.procFs());
        tree.write("proc/stat", before);
        collector.collect();
        tree.write("proc/stat", after);
        return valuesOf(collector.collect());
    }

    private static Map<String, Double> valuesOf(List<Sample> samples) {
        return samples.stream()
                .collect(Collectors.toMap(
                        sample -> sample.metric().name() + sample.tagValues(), sample -> sample.value()));
    }
}
