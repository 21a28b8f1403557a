package io.tidewatch.benchmarks;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Collection;
import java.util.Map;
import java.util.TreeMap;
import org.openjdk.jmh.profile.GCProfiler;
import org.openjdk.jmh.results.RunResult;
import org.openjdk.jmh.runner.Runner;
import org.openjdk.jmh.runner.RunnerException;
import org.openjdk.jmh.runner.options.OptionsBuilder;
import org.openjdk.jmh.runner.options.TimeValue;
import org.openjdk.jmh.runner.options.VerboseMode;

/** Runs a benchmark once and short: enough to see that it runs and is measured, not to believe the number. */
final class BenchmarkRun {
    private BenchmarkRun() {}

    /** The results of all values of a parameter; each has a time, and bytes. */
    static Map<String, RunResult> once(Class<?> benchmark, String parameter) throws RunnerException {
        Collection<RunResult> results = new Runner(new OptionsBuilder()
                        .include(benchmark.getName())
                        .forks(0)
                        .warmupIterations(0)
                        .measurementIterations(1)
                        .measurementTime(TimeValue.milliseconds(5))
                        .addProfiler(GCProfiler.class)
                        .shouldFailOnError(true)
                        .verbosity(VerboseMode.SILENT)
                        .build())
                .run();
        Map<String, RunResult> byValue = new TreeMap<>();
        results.forEach(result -> byValue.put(result.getParams().getParam(parameter), result));
        byValue.forEach((value, result) -> {
            assertThat(result.getPrimaryResult().getScore())
                    .as("time of %s", value)
                    .isPositive();
            assertThat(result.getSecondaryResults().get("gc.alloc.rate.norm").getScore())
                    .as("bytes of %s", value)
                    .isPositive();
        });
        return byValue;
    }
}
