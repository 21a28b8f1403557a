package io.tidewatch.collector.pressure;

import static org.assertj.core.api.Assertions.assertThat;

import io.tidewatch.api.collector.Collector;
import io.tidewatch.api.collector.Diagnostic;
import io.tidewatch.api.collector.Metric;
import io.tidewatch.procfs.ProcFs;
import io.tidewatch.testing.collector.DocumentedCollector;
import io.tidewatch.testing.collector.FixtureTree;
import io.tidewatch.testing.collector.RealMachine;
import io.tidewatch.testing.collector.RealMachineContract;
import java.nio.file.Path;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class PressureCollectorTest implements RealMachineContract, DocumentedCollector {
    private static final String AVERAGES = " avg10=0.12 avg60=3.45 avg300=6.78 total=";

    @TempDir
    Path folder;

    @Override
    public Collector typicalCollector() throws Exception {
        FixtureTree tree = FixtureTree.empty(folder);
        tree.write("proc/pressure/cpu", "some" + AVERAGES + "1366863150\n");
        tree.write("proc/pressure/memory", "some" + AVERAGES + "27061872\nfull" + AVERAGES + "15701172\n");
        tree.write("proc/pressure/io", "some" + AVERAGES + "1\nfull" + AVERAGES + "0\n");
        tree.write("proc/pressure/irq", "full" + AVERAGES + "2000000\n");
        return new PressureCollector(tree.procFs());
    }

    @Override
    public Collector collectorWithoutSource() {
        return new PressureCollector(FixtureTree.empty(folder).procFs());
    }

    @Override
    public Collector collectorOn(ProcFs procFs) {
        return new PressureCollector(procFs);
    }

    @Override
    public boolean thisMachineHas(Metric metric) throws Exception {
        String line = metric.name().contains("waiting") ? "^some" : "^full";
        return !RealMachine.run("sh", "-c", "cat /proc/pressure/* 2>/dev/null | grep " + line + " || true")
                .isEmpty();
    }

    @Test
    void reportsTotalsInSecondsAndLeavesOutLinesThatAKernelDoesNotHave() throws Exception {
        assertThat(RealMachine.valuesOf(typicalCollector().collect()))
                .isEqualTo(Map.of(
                        "pressure.waiting_seconds_total[cpu]", 1366.86315,
                        "pressure.waiting_seconds_total[memory]", 27.061872,
                        "pressure.stalled_seconds_total[memory]", 15.701172,
                        "pressure.waiting_seconds_total[io]", 0.000001,
                        "pressure.stalled_seconds_total[io]", 0.0,
                        "pressure.stalled_seconds_total[irq]", 2.0));
    }

    @Test
    void aResourceThatRefusesToBeReadIsLeftOut() throws Exception {
        Collector collector = typicalCollector();
        FixtureTree tree = FixtureTree.empty(folder);
        for (String resource : new String[] {"cpu", "io", "irq"}) {
            tree.makeUnreadable("proc/pressure/" + resource);
        }
        assertThat(RealMachine.valuesOf(collector.collect()))
                .containsOnlyKeys("pressure.waiting_seconds_total[memory]", "pressure.stalled_seconds_total[memory]");
        tree.makeUnreadable("proc/pressure/memory");
        assertThat(collector.collect()).isEmpty();
    }

    @Test
    void aDamagedFileCostsItselfAndIsNamed() throws Exception {
        PressureCollector collector = (PressureCollector) typicalCollector();
        FixtureTree tree = FixtureTree.empty(folder);
        for (String text :
                new String[] {"", "none\n", "some avg10=0.12 to", "some" + AVERAGES, "some" + AVERAGES + "x"}) {
            tree.write("proc/pressure/cpu", text);
            assertThat(RealMachine.valuesOf(collector.collect()))
                    .as(text)
                    .hasSize(5)
                    .doesNotContainKey("pressure.waiting_seconds_total[cpu]");
            assertThat(collector.diagnostics()).singleElement().satisfies(diagnostic -> {
                assertThat(diagnostic.severity()).isEqualTo(Diagnostic.Severity.DAMAGED);
                assertThat(diagnostic.message()).contains("pressure/cpu");
            });
        }
    }

    @Test
    void whatTheKernelDoesNotAccountIsNamed() throws Exception {
        PressureCollector collector = (PressureCollector) collectorWithoutSource();
        collector.collect();

        assertThat(collector.diagnostics())
                .extracting(Diagnostic::message)
                .containsExactly("this kernel does not account pressure of cpu, memory, io");
    }

    @Test
    void agreesWithTheFilesOfThisMachine() throws Exception {
        Collector collector = new PressureCollector(RealMachine.procFs());
        double before = waitingForCpu();
        Map<String, Double> values = RealMachine.valuesOf(collector.collect());
        double after = waitingForCpu();

        assertThat(values).containsKeys("pressure.waiting_seconds_total[memory]", "pressure.stalled_seconds_total[io]");
        assertThat(values.get("pressure.waiting_seconds_total[cpu]")).isBetween(before, after);
    }

    private static double waitingForCpu() throws Exception {
        return Double.parseDouble(RealMachine.run("sed", "-n", "s/^some.*total=//p", "/proc/pressure/cpu")) / 1e6;
    }
}
