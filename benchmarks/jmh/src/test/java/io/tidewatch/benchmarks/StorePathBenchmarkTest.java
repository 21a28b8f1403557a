package io.tidewatch.benchmarks;

import static org.assertj.core.api.Assertions.assertThat;

import io.tidewatch.api.store.AppendResult;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;
import org.openjdk.jmh.runner.RunnerException;

/** The way of a sample: into the store, out of it into a request, and its acknowledgement in the store. */
class StorePathBenchmarkTest {
    @Test
    void measuresEachStep() throws RunnerException {
        assertThat(BenchmarkRun.once(AppendBenchmark.class, "samples")).containsOnlyKeys("60", "300");
        assertThat(BenchmarkRun.once(ChunkBenchmark.class, "shape")).containsOnlyKeys("live", "backlog");
        assertThat(BenchmarkRun.once(AcknowledgeBenchmark.class, "samples")).containsOnlyKeys("60", "300");
    }

    /** Appends of samples that are there already, or that are refused, would look very good. */
    @ParameterizedTest
    @ValueSource(ints = {60, 300})
    void anAppendStoresAllSamples(int samples) throws Exception {
        AppendBenchmark benchmark = new AppendBenchmark();
        benchmark.samples = samples;
        benchmark.open();
        try {
            for (int i = 0; i < 100; i++) {
                assertThat(benchmark.append()).isEqualTo(new AppendResult(samples, 0, Map.of()));
            }
        } finally {
            benchmark.remove();
        }
    }

    @ParameterizedTest
    @CsvSource({"live, 150", "backlog, 5000"})
    void aChunkHasAllItsSamplesEachTime(String shape, int samples) throws Exception {
        ChunkBenchmark benchmark = new ChunkBenchmark();
        benchmark.shape = shape;
        benchmark.open();
        try {
            for (int i = 0; i < 2; i++) {
                assertThat(benchmark.next().size()).isEqualTo(samples);
                assertThat(benchmark.next().series()).hasSize(50);
                // Between what gzip makes of a value here, 2 bytes, and what a value is in JSON.
                assertThat(benchmark.chunk()).isBetween(2 * samples, 30 * samples);
            }
        } finally {
            benchmark.remove();
        }
    }

    @Test
    void aCompletedDeliveryLeavesNothingPending() throws Exception {
        AcknowledgeBenchmark benchmark = new AcknowledgeBenchmark();
        benchmark.open();
        try {
            for (int i = 0; i < 3; i++) {
                benchmark.prepare();
                assertThat(benchmark.status().pendingSamples()).isEqualTo(60);
                benchmark.acknowledge();
                assertThat(benchmark.status().pendingSamples()).isZero();
            }
        } finally {
            benchmark.remove();
        }
    }

    @Test
    void aPageHasAllItsSamplesEachTime() throws Exception {
        PageBenchmark benchmark = new PageBenchmark();
        benchmark.write();
        for (int i = 0; i < 2; i++) {
            assertThat(benchmark.again()).hasSize(1000);
            assertThat(benchmark.first()).hasSize(1000);
        }
    }
}
