package io.tidewatch.benchmarks;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Collection;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.openjdk.jmh.profile.GCProfiler;
import org.openjdk.jmh.results.RunResult;
import org.openjdk.jmh.runner.Runner;
import org.openjdk.jmh.runner.RunnerException;
import org.openjdk.jmh.runner.options.OptionsBuilder;
import org.openjdk.jmh.runner.options.TimeValue;
import org.openjdk.jmh.runner.options.VerboseMode;

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
            LinuxCollectors.ALL);

    /** Every pass, once and short: enough to see that it runs and is measured, not to believe the number. */
    @Test
    void measuresEveryCollector() throws RunnerException {
        Collection<RunResult> results = new Runner(new OptionsBuilder()
                        .include(CollectorPassBenchmark.class.getName())
                        .forks(0)
                        .warmupIterations(0)
                        .measurementIterations(1)
                        .measurementTime(TimeValue.milliseconds(5))
                        .addProfiler(GCProfiler.class)
                        .shouldFailOnError(true)
                        .verbosity(VerboseMode.SILENT)
                        .build())
                .run();

        Map<String, RunResult> byCollector = new TreeMap<>();
        results.forEach(result -> byCollector.put(result.getParams().getParam("collector"), result));
        assertThat(byCollector).containsOnlyKeys(COLLECTORS);
        byCollector.forEach((collector, result) -> {
            assertThat(result.getPrimaryResult().getScore())
                    .as("time of %s", collector)
                    .isPositive();
            assertThat(result.getSecondaryResults().get("gc.alloc.rate.norm").getScore())
                    .as("bytes of %s", collector)
                    .isPositive();
        });
    }

    /** A benchmark of passes that read nothing would look very good. */
    @ParameterizedTest
    @CsvSource({
        "cpu, 66", // 64 cores and all of them, and what those waited for
        "memory, 5",
        "disk, 32", // 8 of each of 4 disks
        "network, 393", // 8 of each of 49 interfaces, and how many were left out
        "thermal, 6", // 5 zones, and the hottest of the processor
        "load, 5",
        "uptime, 2",
        "filesystem, 20", // 4 of each of 5
        "pressure, 5",
        "cpufreq, 257", // 2 of each of 64 cores and 65 cooling devices, of which one is off
        "all, 791"
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
