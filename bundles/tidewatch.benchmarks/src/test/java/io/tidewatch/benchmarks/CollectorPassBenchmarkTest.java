package io.tidewatch.benchmarks;

import static org.assertj.core.api.Assertions.assertThat;

import io.tidewatch.api.collector.Collector;
import io.tidewatch.api.collector.Sample;
import java.nio.file.Path;
import java.util.Collection;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.openjdk.jmh.annotations.Mode;
import org.openjdk.jmh.results.RunResult;
import org.openjdk.jmh.runner.Runner;
import org.openjdk.jmh.runner.options.Options;
import org.openjdk.jmh.runner.options.OptionsBuilder;
import org.openjdk.jmh.runner.options.VerboseMode;

/** The benchmarks run, and measure what they say. */
class CollectorPassBenchmarkTest {
    private static final Path MACHINES = Path.of("../tidewatch.testing/machines");

    @Test
    void runsEveryCollectorAndAll() throws Exception {
        Options once = new OptionsBuilder()
                .include(CollectorPassBenchmark.class.getSimpleName())
                .mode(Mode.SingleShotTime)
                .warmupIterations(0)
                .measurementIterations(1)
                .forks(0)
                .verbosity(VerboseMode.SILENT)
                .shouldFailOnError(true)
                .build();

        Collection<RunResult> results = new Runner(once).run();

        try (LargeServer server = new LargeServer(MACHINES)) {
            assertThat(results)
                    .extracting(result -> result.getParams().getParam("collector"))
                    .containsAll(server.names())
                    .contains("all")
                    .hasSize(server.names().size() + 1);
        }
    }

    @Test
    void measuresAllCoresAndInterfaces() throws Exception {
        try (LargeServer server = new LargeServer(MACHINES)) {
            Collector cpu = server.named("cpu").get(0);
            cpu.collect();
            server.letTimePass();
            assertThat(tags(cpu.collect())).hasSize(65);
            assertThat(tags(server.named("network").get(0).collect())).hasSize(32);
            assertThat(server.named("all")).hasSize(10);
            assertThat(server.named("cpufreq").get(0).collect()).isNotEmpty();
        }
    }

    private static List<String> tags(List<Sample> samples) {
        return samples.stream()
                .flatMap(sample -> sample.tagValues().stream())
                .distinct()
                .toList();
    }
}
