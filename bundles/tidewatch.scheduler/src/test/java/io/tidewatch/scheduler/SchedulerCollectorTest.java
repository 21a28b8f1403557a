package io.tidewatch.scheduler;

import static org.assertj.core.api.Assertions.assertThat;

import io.tidewatch.api.collector.Collector;
import io.tidewatch.api.collector.RecentDurations;
import io.tidewatch.testing.collector.CollectorContract;
import io.tidewatch.testing.collector.DocumentedCollector;
import io.tidewatch.testing.collector.RealMachine;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Map;
import java.util.SortedMap;
import java.util.TreeMap;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class SchedulerCollectorTest implements CollectorContract, DocumentedCollector {
    @TempDir
    Path process;

    @Override
    public Collector typicalCollector() throws IOException {
        Files.writeString(
                process.resolve("status"), "Name:\tjava\nVmHWM:\t  90000 kB\nVmRSS:\t   75120 kB\nThreads:\t31\n");
        Files.writeString(
                process.resolve("stat"),
                "4242 (a (b) c) S 1 2 3 0 -1 4194560 100 0 7 0 1234 66 0 0 20 0 31 0 500 123456 18780\n");
        RecentDurations durations = new RecentDurations();
        durations.add(2_000_000);
        SortedMap<String, SchedulerSelf.Figures> figures = new TreeMap<>(Map.of(
                "cpu",
                new SchedulerSelf.Figures(12, 3, durations),
                "new",
                new SchedulerSelf.Figures(0, 0, new RecentDurations())));
        return new SchedulerCollector(() -> figures, new OwnProcess(process));
    }

    @Override
    public String pid() {
        return "tidewatch.collector.scheduler";
    }

    @Test
    void reportsEveryCollectorAndTheProcess() throws Exception {
        assertThat(RealMachine.valuesOf(typicalCollector().collect()))
                .containsOnly(
                        Map.entry("collector.metrics_collected_total[cpu]", 12.0),
                        Map.entry("collector.metrics_failed_total[cpu]", 3.0),
                        Map.entry("collector.collection_duration_seconds_p50[cpu]", 0.002),
                        Map.entry("collector.collection_duration_seconds_p95[cpu]", 0.002),
                        Map.entry("collector.collection_duration_seconds_p99[cpu]", 0.002),
                        Map.entry("collector.metrics_collected_total[new]", 0.0),
                        Map.entry("agent.memory_resident_bytes[]", 75120 * 1024.0),
                        Map.entry("agent.cpu_seconds_total[]", 13.0));
    }

    @Test
    void readsItsOwnProcess() throws Exception {
        OwnProcess own = new OwnProcess();
        Duration used = ProcessHandle.current().info().totalCpuDuration().orElseThrow();

        assertThat(own.residentBytes().orElseThrow())
                .isGreaterThan(Runtime.getRuntime().totalMemory() / 100.0);
        assertThat(own.cpuSeconds().orElseThrow()).isBetween(used.toMillis() / 1e3 - 0.1, used.toMillis() / 1e3 + 60);
    }

    @Test
    void reportsNoProcessWhereThereIsNoSuchFile() throws Exception {
        SchedulerCollector elsewhere = new SchedulerCollector(TreeMap::new, new OwnProcess(process.resolve("none")));

        assertThat(elsewhere.collect()).isEmpty();
    }

    @Test
    void aDamagedFileOfTheProcessCostsItselfAndIsNamed() throws Exception {
        SchedulerCollector collector = (SchedulerCollector) typicalCollector();
        Files.writeString(process.resolve("stat"), "4242 (java) S 1");
        assertThat(collector.collect()).hasSize(7);
        assertThat(collector.diagnostics()).singleElement().satisfies(diagnostic -> assertThat(diagnostic.message())
                .contains("stat has too few fields"));

        Files.writeString(process.resolve("status"), "VmRSS: many kB\n");
        assertThat(collector.collect()).hasSize(6);
        assertThat(collector.diagnostics()).hasSize(2).anySatisfy(diagnostic -> assertThat(diagnostic.message())
                .contains("status: 'many' is not a number"));
    }
}
