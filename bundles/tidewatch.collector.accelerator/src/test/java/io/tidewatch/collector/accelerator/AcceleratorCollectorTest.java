package io.tidewatch.collector.accelerator;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.tuple;

import io.tidewatch.api.collector.Collector;
import io.tidewatch.api.collector.Diagnostic;
import io.tidewatch.api.collector.Diagnostic.Severity;
import io.tidewatch.api.collector.Metric;
import io.tidewatch.procfs.ProcFs;
import io.tidewatch.testing.collector.DocumentedCollector;
import io.tidewatch.testing.collector.FixtureTree;
import io.tidewatch.testing.collector.RealMachine;
import io.tidewatch.testing.collector.RealMachineContract;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Locale;
import java.util.Map;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class AcceleratorCollectorTest implements RealMachineContract, DocumentedCollector {
    private static final String MPP = "proc/mpp_service/load";
    private static final String DEVFREQ = "sys/class/devfreq/";

    @TempDir
    Path folder;

    @Override
    public Collector typicalCollector() throws Exception {
        return new AcceleratorCollector(
                FixtureTree.copy("rk3588-vendor", folder).procFs());
    }

    @Override
    public Collector collectorWithoutSource() {
        return new AcceleratorCollector(FixtureTree.empty(folder).procFs());
    }

    @Override
    public Collector collectorOn(ProcFs procFs) {
        return new AcceleratorCollector(procFs);
    }

    @Override
    public boolean thisMachineHas(Metric metric) throws Exception {
        String files = metric.name().endsWith("hertz")
                ? "/sys/class/devfreq/*gpu*/cur_freq"
                : "/proc/mpp_service/load /sys/class/devfreq/*gpu*/load";
        return RealMachine.run("sh", "-c", "cat " + files + " 2>/dev/null || true")
                .contains("0");
    }

    @Test
    void reportsTheVendorsKernel() throws Exception {
        assertThat(RealMachine.valuesOf(typicalCollector().collect()))
                .isEqualTo(Map.ofEntries(
                        Map.entry("accelerator.load_percent[rkvenc0]", 98.26),
                        Map.entry("accelerator.utilization_percent[rkvenc0]", 97.25),
                        Map.entry("accelerator.load_percent[rkvenc1]", 11.34),
                        Map.entry("accelerator.utilization_percent[rkvenc1]", 9.08),
                        Map.entry("accelerator.load_percent[rkvdec0]", 0.0),
                        Map.entry("accelerator.utilization_percent[rkvdec0]", 0.0),
                        Map.entry("accelerator.load_percent[rkvdec1]", 100.0),
                        Map.entry("accelerator.utilization_percent[rkvdec1]", 99.99),
                        Map.entry("accelerator.load_percent[av1d]", 0.0),
                        Map.entry("accelerator.utilization_percent[av1d]", 0.0),
                        Map.entry("accelerator.load_percent[avsd]", 0.5),
                        Map.entry("accelerator.utilization_percent[avsd]", 0.25),
                        Map.entry("accelerator.load_percent[jpege0]", 1.0),
                        Map.entry("accelerator.utilization_percent[jpege0]", 1.0),
                        Map.entry("accelerator.load_percent[jpege1]", 2.0),
                        Map.entry("accelerator.utilization_percent[jpege1]", 2.0),
                        Map.entry("accelerator.load_percent[gpu]", 42.0),
                        Map.entry("accelerator.frequency_hertz[gpu]", 3e8),
                        Map.entry("accelerator.load_percent[dmc]", 17.0),
                        Map.entry("accelerator.frequency_hertz[dmc]", 2.112e9),
                        Map.entry("accelerator.frequency_hertz[npu]", 1e9),
                        Map.entry("accelerator.frequency_hertz[rkvenc1]", 8e8),
                        Map.entry("accelerator.load_percent[npu0]", 3.0),
                        Map.entry("accelerator.load_percent[npu1]", 0.0),
                        Map.entry("accelerator.load_percent[npu2]", 100.0),
                        Map.entry("accelerator.load_percent[rga3_core0]", 12.0),
                        Map.entry("accelerator.load_percent[rga3_core1]", 0.0),
                        Map.entry("accelerator.load_percent[rga2]", 7.0)));
    }

    /** No load without the vendor's drivers; the buses and disks of other machines are no accelerators. */
    @Test
    void reportsAMainlineKernel() throws Exception {
        FixtureTree tree = FixtureTree.empty(folder);
        tree.write(DEVFREQ + "fb000000.gpu-panthor/cur_freq", "850000000\n");
        tree.write(DEVFREQ + "1d84000.ufshc/cur_freq", "300000000\n");
        tree.write(DEVFREQ + "soc:bus_wcore/load", "3@400000000Hz\n");

        assertThat(RealMachine.valuesOf(collectorWithoutSource().collect()))
                .isEqualTo(Map.of("accelerator.frequency_hertz[gpu]", 8.5e8));
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "fb000000.gpu",
                "fb000000.gpu-mali",
                "ff9a0000.gpu",
                "57000000.gpu",
                "17000000.gv11b",
                "17000000.ga10b",
                "17000000.gp10b"
            })
    void knowsTheNamesOfGpus(String name) throws Exception {
        FixtureTree.empty(folder).write(DEVFREQ + name + "/cur_freq", "300000000\n");

        assertThat(RealMachine.valuesOf(collectorWithoutSource().collect()))
                .isEqualTo(Map.of("accelerator.frequency_hertz[gpu]", 3e8));
    }

    /** Its driver has no load, so that the file of devfreq is always 0; only the counters of the cores say how busy they are. */
    @ParameterizedTest
    @ValueSource(strings = {"fdbd0000.rkvenc-core", "fdc38100.rkvdec-core", "fdb50000.vepu"})
    void theLoadOfAVideoCoreIsNotThatOfItsFrequency(String core) throws Exception {
        FixtureTree tree = FixtureTree.empty(folder);
        tree.write(DEVFREQ + core + "/cur_freq", "800000000\n");
        tree.write(DEVFREQ + core + "/load", "0@800000000Hz\n");
        AcceleratorCollector collector = (AcceleratorCollector) collectorWithoutSource();

        assertThat(RealMachine.valuesOf(collector.collect()).keySet())
                .as("not counted yet: absent, not 0")
                .singleElement()
                .asString()
                .startsWith("accelerator.frequency_hertz[");

        tree.write(MPP, row(core, "98.26", "97.25"));
        tree.makeUnreadable(DEVFREQ + core + "/load");
        assertThat(RealMachine.valuesOf(collector.collect()).values()).containsExactlyInAnyOrder(98.26, 97.25, 8e8);
        assertThat(collector.diagnostics()).isEmpty();
    }

    /** What the kernel shows before anybody has asked it to count: no load at all, and what to do. */
    @Test
    void coresThatAreNotCountedHaveNoLoad() throws Exception {
        FixtureTree tree = FixtureTree.empty(folder);
        tree.write(
                MPP,
                """
                please set load_interval first!!!
                e.g. set 1000ms to load_interval:
                echo 1000 > /proc/mpp_service/load_interval
                """);
        AcceleratorCollector collector = (AcceleratorCollector) collectorWithoutSource();

        assertThat(collector.collect()).isEmpty();
        assertThat(collector.diagnostics())
                .containsExactly(new Diagnostic(
                        Severity.NOTE,
                        "mpp_service",
                        "the kernel does not count the load of the video cores yet; run as root: echo 1000 >"
                                + " /proc/mpp_service/load_interval"));

        tree.write(MPP, "fdbd0000.rkvenc-core      load:  98.26% utilization:  97.25%\n");
        assertThat(RealMachine.valuesOf(collector.collect())).containsEntry("accelerator.load_percent[rkvenc0]", 98.26);
        assertThat(collector.diagnostics()).isEmpty();
    }

    /** The kernel computes it when a frame is done: of a core without one it keeps the last. */
    @Test
    void aLoadThatNoFrameRenewsIsLeftOutAfterAWhile() throws Exception {
        AtomicLong nanos = new AtomicLong();
        FixtureTree tree = FixtureTree.empty(folder);
        AcceleratorCollector collector = new AcceleratorCollector(tree.procFs(), nanos::get);
        String idle = row("fdbe0000.rkvenc-core", "0.00", "0.00");
        tree.write(MPP, row("fdbd0000.rkvenc-core", "98.26", "97.25") + idle);
        assertThat(collector.collect()).hasSize(4);
        nanos.addAndGet(Duration.ofSeconds(119).toNanos());
        assertThat(collector.collect()).hasSize(4);

        nanos.addAndGet(Duration.ofSeconds(1).toNanos());
        assertThat(RealMachine.valuesOf(collector.collect()))
                .isEqualTo(Map.of(
                        "accelerator.load_percent[rkvenc1]", 0.0, "accelerator.utilization_percent[rkvenc1]", 0.0));
        assertThat(collector.diagnostics())
                .containsExactly(
                        new Diagnostic(
                                Severity.NOTE,
                                "rkvenc0",
                                "no load of rkvenc0: it is the same for 2m, as the kernel keeps the last one of a core without work"));

        tree.write(MPP, row("fdbd0000.rkvenc-core", "98.26", "97.26") + idle);
        assertThat(collector.collect()).hasSize(4);
        assertThat(collector.diagnostics()).isEmpty();
        tree.write(MPP, "please set load_interval first!!!\n");
        assertThat(collector.collect()).isEmpty();
        nanos.addAndGet(Duration.ofHours(1).toNanos());
        tree.write(MPP, row("fdbd0000.rkvenc-core", "98.26", "97.26") + idle);
        assertThat(collector.collect()).as("counted anew").hasSize(4);
    }

    @Test
    void coresAreNumberedByAddressWhateverTheirOrder() throws Exception {
        FixtureTree tree = FixtureTree.empty(folder);
        tree.write(MPP, row("fdbe0000.rkvenc-core", "2.00", "2.00") + row("fdbd0000.rkvenc-core", "1.00", "1.00"));
        Collector collector = collectorWithoutSource();

        assertThat(RealMachine.valuesOf(collector.collect()))
                .containsEntry("accelerator.load_percent[rkvenc0]", 1.0)
                .containsEntry("accelerator.load_percent[rkvenc1]", 2.0);

        tree.write(MPP, row("fdbe0000.rkvenc-core", "3.00", "3.00"));
        assertThat(RealMachine.valuesOf(collector.collect()))
                .as("the other core has gone, and leaves its number")
                .containsOnlyKeys("accelerator.load_percent[rkvenc1]", "accelerator.utilization_percent[rkvenc1]");
    }

    /** A name that cannot be read may be the first core's. */
    @Test
    void coresHaveNoNumbersBeforeAllAreKnown() throws Exception {
        FixtureTree tree = FixtureTree.empty(folder);
        tree.write(MPP, row("?#", "1.00", "1.00") + row("fdbe0000.rkvenc-core", "2.00", "2.00"));
        AcceleratorCollector collector = (AcceleratorCollector) collectorWithoutSource();

        assertThat(collector.collect()).isEmpty();
        assertThat(collector.diagnostics())
                .extracting(Diagnostic::severity, Diagnostic::subject)
                .containsExactly(tuple(Severity.DAMAGED, "mpp_service line 1"));

        tree.write(MPP, row("fdbd0000.rkvenc-core", "1.00", "1.00") + row("fdbe0000.rkvenc-core", "2.00", "2.00"));
        collector.collect();
        tree.write(MPP, row("?#", "1.00", "1.00") + row("fdbe0000.rkvenc-core", "2.00", "2.00"));
        assertThat(RealMachine.valuesOf(collector.collect()))
                .containsOnlyKeys("accelerator.load_percent[rkvenc1]", "accelerator.utilization_percent[rkvenc1]");
    }

    @ParameterizedTest
    @CsvSource({
        "101.00, 'load', found '101.00% utilization:  97.25%'",
        "100.01, 'load', found '100.01% utilization:  97.25%'",
        "-1.00, 'load', found '-1.00% utilization:  97.25%'",
        "--, 'load', found '--% utilization:  97.25%'",
        "NaN, 'load', found 'NaN% utilization:  97.25%'"
    })
    void aLoadThatCannotBeIsRefusedAndNotCut(String load, String subject, String message) throws Exception {
        FixtureTree tree = FixtureTree.empty(folder);
        tree.write(MPP, row("fdbd0000.rkvenc-core", load, "97.25") + row("fdbe0000.rkvenc-core", "2.00", "1.00"));
        AcceleratorCollector collector = (AcceleratorCollector) collectorWithoutSource();

        assertThat(RealMachine.valuesOf(collector.collect()))
                .isEqualTo(Map.of(
                        "accelerator.utilization_percent[rkvenc0]", 97.25,
                        "accelerator.load_percent[rkvenc1]", 2.0,
                        "accelerator.utilization_percent[rkvenc1]", 1.0));
        assertThat(collector.diagnostics()).singleElement().satisfies(diagnostic -> {
            assertThat(diagnostic.severity()).isEqualTo(Severity.DAMAGED);
            assertThat(diagnostic.subject()).isEqualTo("fdbd0000.rkvenc-core " + subject);
            assertThat(diagnostic.message()).endsWith("expected a percentage from 0 to 100, " + message);
        });
    }

    @ParameterizedTest
    @CsvSource({
        "fb000000.gpu/load, 101@300000000Hz, DAMAGED, gpu/load",
        "fb000000.gpu/load, '', DAMAGED, gpu/load",
        "fb000000.gpu/load, 42, DAMAGED, gpu/load",
        "fb000000.gpu/cur_freq, N/A, DAMAGED, gpu/cur_freq",
        "fb000000.gpu/cur_freq, 18446744073709346016, DAMAGED, gpu/cur_freq"
    })
    void aDamagedValueOfADeviceCostsItself(String file, String text, Severity severity, String subject)
            throws Exception {
        AcceleratorCollector collector = (AcceleratorCollector) typicalCollector();
        Map<String, Double> whole = RealMachine.valuesOf(collector.collect());

        FixtureTree.empty(folder).write(DEVFREQ + file, text + "\n");
        Map<String, Double> left = RealMachine.valuesOf(collector.collect());

        assertThat(left).hasSize(whole.size() - 1);
        assertThat(whole).containsAllEntriesOf(left);
        assertThat(collector.diagnostics())
                .extracting(Diagnostic::severity, Diagnostic::subject)
                .containsExactly(tuple(severity, subject));
    }

    /** EINVAL while the device sleeps, and a frequency of 0 of a driver that does not know. */
    @Test
    void whatADriverDoesNotSayIsLeftOut() throws Exception {
        AcceleratorCollector collector = (AcceleratorCollector) typicalCollector();
        FixtureTree tree = FixtureTree.empty(folder);
        tree.makeUnreadable(DEVFREQ + "fb000000.gpu/load");
        tree.write(DEVFREQ + "dmc/cur_freq", "0\n");
        tree.makeUnreadable(MPP);

        assertThat(RealMachine.valuesOf(collector.collect()))
                .doesNotContainKeys(
                        "accelerator.load_percent[gpu]",
                        "accelerator.frequency_hertz[dmc]",
                        "accelerator.load_percent[rkvenc0]")
                .containsKeys("accelerator.frequency_hertz[gpu]", "accelerator.load_percent[dmc]");
        assertThat(collector.diagnostics())
                .extracting(Diagnostic::severity)
                .containsExactly(Severity.NOTE, Severity.NOTE);
    }

    /** Debugfs of an agent without root. */
    @Test
    void whatOnlyRootMayReadIsAbsentWithoutAWord() throws Exception {
        AcceleratorCollector collector = (AcceleratorCollector) typicalCollector();
        FixtureTree tree = FixtureTree.empty(folder);
        tree.makeUnreadable("sys/kernel/debug/rknpu/load");
        tree.remove("sys/kernel/debug/rkrga");

        assertThat(RealMachine.valuesOf(collector.collect()).keySet())
                .isNotEmpty()
                .noneMatch(key -> key.contains("npu0") || key.contains("rga"));
        assertThat(collector.diagnostics()).isEmpty();
    }

    /** A driver that is loaded later is found, though not in each pass. */
    @Test
    void looksAgainAfterAWhile() throws Exception {
        Collector collector = collectorWithoutSource();
        collector.collect();
        FixtureTree.empty(folder).write(DEVFREQ + "fb000000.gpu/cur_freq", "300000000\n");

        for (int pass = 1; pass < AcceleratorCollector.PASSES_BETWEEN_SEARCHES; pass++) {
            assertThat(collector.collect()).isEmpty();
        }
        assertThat(collector.collect()).hasSize(1);
        assertThat(collector.collect()).hasSize(1);
    }

    private static String row(String name, String load, String utilization) {
        return String.format(Locale.ROOT, "%-25s load: %6s%% utilization: %6s%%%n", name, load, utilization);
    }
}
