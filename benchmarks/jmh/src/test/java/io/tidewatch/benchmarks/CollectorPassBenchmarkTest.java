package io.tidewatch.benchmarks;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Map;
import java.util.Set;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.openjdk.jmh.results.RunResult;
import org.openjdk.jmh.runner.RunnerException;

class CollectorPassBenchmarkTest {
    private static final Set<String> COLLECTORS = Set.of(
            "cpu",
            "memory",
            "disk",
            "network",
            "thermal",
            "load",
            "uptime",
            "filesystem",
            "pressure",
            "cpufreq",
            "sensors",
            "tcp",
            "mmc",
            "cgroup",
            LinuxCollectors.ALL);

    /** Every pass, once and short: enough to see that it runs and is measured, not to believe the number. */
    @Test
    @Tag("slow")
    void measuresEveryCollector() throws RunnerException {
        Map<String, RunResult> byCollector = BenchmarkRun.once(CollectorPassBenchmark.class, "collector");

        assertThat(byCollector).containsOnlyKeys(COLLECTORS);
    }

    /** A benchmark of passes that read nothing would look very good. */
    @ParameterizedTest
    @CsvSource({
        "cpu, 67", // 64 cores and all of them, what those waited for, and what the host took
        "memory, 6",
        "disk, 36", // 9 of each of 4 disks
        "network, 393", // 8 of each of 49 interfaces, and how many were left out
        "thermal, 6", // 5 zones, and the hottest of the processor
        "load, 5",
        "uptime, 2",
        "filesystem, 20", // 4 of each of 5
        "pressure, 5",
        "cpufreq, 257", // 2 of each of 64 cores and 65 cooling devices, of which one is off
        "sensors, 14", // 12 of 6 chips, and 2 of a supply
        "tcp, 3",
        "mmc, 0", // it has none, nor is it a container
        "cgroup, 0",
        "all, 814"
    })
    void aPassReadsWhatTheMachineHas(String collector, int samples) throws Exception {
        CollectorPassBenchmark benchmark = new CollectorPassBenchmark();
        benchmark.collector = collector;
        benchmark.prepare();
        try {
            assertThat(benchmark.samples()).hasSize(samples);
            assertThat(benchmark.samples()).hasSize(samples);
        } finally {
            benchmark.remove();
        }
    }
}
