package io.tidewatch.collector.mmc;

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

class MmcCollectorTest implements RealMachineContract, DocumentedCollector {
    private static final String DEVICE = "sys/block/mmcblk0/device/";

    @TempDir
    Path folder;

    @Override
    public Collector typicalCollector() throws IOException {
        return new MmcCollector(FixtureTree.copy("emmc-and-card", folder).procFs());
    }

    @Override
    public Collector collectorWithoutSource() {
        return new MmcCollector(FixtureTree.empty(folder).procFs());
    }

    @Override
    public Collector collectorOn(ProcFs procFs) {
        return new MmcCollector(procFs);
    }

    @Override
    public boolean thisMachineHas(Metric metric) throws Exception {
        return RealMachine.run("sh", "-c", "cat /sys/bus/mmc/devices/*/life_time 2>/dev/null || true")
                .contains("0x0");
    }

    /** The eMMC reports its wear, its boot partitions and the SD card beside it do not. */
    @Test
    void reportsTheLowerEndsOfTheSteps() throws Exception {
        MmcCollector collector = (MmcCollector) typicalCollector();

        assertThat(RealMachine.valuesOf(collector.collect()))
                .isEqualTo(Map.of(
                        "mmc.life_used_min_percent[mmcblk0, a]", 10.0,
                        "mmc.life_used_min_percent[mmcblk0, b]", 0.0,
                        "mmc.pre_eol_state[mmcblk0]", 1.0));
        assertThat(collector.diagnostics()).isEmpty();
    }

    @ParameterizedTest
    @CsvSource({"0x01, 0", "0x1, 0", "0x0a, 90", "0x0A, 90", "0x0b, 100"})
    void aStepIsItsLowerEnd(String code, double percent) throws Exception {
        assertThat(RealMachine.valuesOf(device("0x00 " + code + "\n", "0x00\n").collect()))
                .isEqualTo(Map.of("mmc.life_used_min_percent[mmcblk0, b]", percent));
    }

    @ParameterizedTest
    @CsvSource({"0x01, 1", "0x02, 2", "0x03, 3"})
    void theStateOfTheReservedBlocksIsItsCode(String code, double state) throws Exception {
        assertThat(RealMachine.valuesOf(device("0x00 0x00\n", code + "\n").collect()))
                .isEqualTo(Map.of("mmc.pre_eol_state[mmcblk0]", state));
    }

    /** As every eMMC before version 5.0 answers. */
    @Test
    void whatTheDeviceDoesNotDefineIsAbsentAndNoDamage() throws Exception {
        MmcCollector collector = device("0x00 0x00\n", "0x00\n");

        assertThat(collector.collect()).isEmpty();
        assertThat(collector.diagnostics()).isEmpty();
    }

    @ParameterizedTest
    @ValueSource(strings = {"0x0c", "0xff", "1", "0x", "0x-1", "0x+1", "0x001", "--", "-32768"})
    void aReservedOrDamagedStepCostsItselfAndIsNamed(String code) throws Exception {
        MmcCollector collector = device(code + " 0x04\n", "0x01\n");

        assertThat(RealMachine.valuesOf(collector.collect()))
                .isEqualTo(Map.of("mmc.life_used_min_percent[mmcblk0, b]", 30.0, "mmc.pre_eol_state[mmcblk0]", 1.0));
        assertThat(collector.diagnostics()).singleElement().satisfies(diagnostic -> {
            assertThat(diagnostic.severity()).isEqualTo(Diagnostic.Severity.DAMAGED);
            assertThat(diagnostic.subject()).isEqualTo("mmcblk0 life_time a");
            assertThat(diagnostic.message())
                    .endsWith("life_time:1: expected a step of life time from 0x00 to 0x0b, found '" + code + " 0x04'");
        });
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "\n", "0x04", "urgent", "?#garbage"})
    void aDamagedStateCostsItselfAndIsNamed(String text) throws Exception {
        MmcCollector collector = device("0x02 0x04\n", text);

        assertThat(collector.collect()).hasSize(2);
        assertThat(collector.diagnostics()).singleElement().satisfies(diagnostic -> {
            assertThat(diagnostic.severity()).isEqualTo(Diagnostic.Severity.DAMAGED);
            assertThat(diagnostic.subject()).isEqualTo("mmcblk0 pre_eol_info");
        });
    }

    @Test
    void anEmptyFileCostsBothTypesAndIsNamedOnce() throws Exception {
        MmcCollector collector = device("", "0x02\n");

        assertThat(RealMachine.valuesOf(collector.collect())).isEqualTo(Map.of("mmc.pre_eol_state[mmcblk0]", 2.0));
        assertThat(collector.diagnostics()).extracting(Diagnostic::subject).containsExactly("mmcblk0 life_time a");
    }

    @Test
    void aFileThatCannotBeReadCostsItselfAndIsNamed() throws Exception {
        MmcCollector collector = device("0x02 0x04\n", "0x01\n");
        FixtureTree.empty(folder).makeUnreadable(DEVICE + "life_time");

        assertThat(RealMachine.valuesOf(collector.collect())).isEqualTo(Map.of("mmc.pre_eol_state[mmcblk0]", 1.0));
        assertThat(collector.diagnostics()).singleElement().satisfies(diagnostic -> assertThat(diagnostic.message())
                .contains("mmcblk0/device/life_time"));
    }

    @Test
    void aDeviceThatGoesBetweenTwoPassesIsGone() throws Exception {
        MmcCollector collector = (MmcCollector) typicalCollector();
        assertThat(collector.collect()).hasSize(3);
        FixtureTree.empty(folder).remove("sys/block/mmcblk0");

        assertThat(collector.collect()).isEmpty();
        assertThat(collector.diagnostics()).isEmpty();
    }

    private MmcCollector device(String lifeTime, String preEol) throws IOException {
        FixtureTree tree = FixtureTree.empty(folder);
        tree.write(DEVICE + "life_time", lifeTime);
        tree.write(DEVICE + "pre_eol_info", preEol);
        return new MmcCollector(tree.procFs());
    }
}
