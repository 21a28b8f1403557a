package io.tidewatch.benchmarks;

import io.tidewatch.api.store.AppendResult;
import io.tidewatch.api.store.StoreException;
import io.tidewatch.store.sqlite.StoreOnDisk;
import java.io.IOException;
import java.util.concurrent.TimeUnit;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.BenchmarkMode;
import org.openjdk.jmh.annotations.Fork;
import org.openjdk.jmh.annotations.Level;
import org.openjdk.jmh.annotations.Measurement;
import org.openjdk.jmh.annotations.Mode;
import org.openjdk.jmh.annotations.OutputTimeUnit;
import org.openjdk.jmh.annotations.Param;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.Setup;
import org.openjdk.jmh.annotations.State;
import org.openjdk.jmh.annotations.TearDown;
import org.openjdk.jmh.annotations.Warmup;

/**
 * One append of a pass to the store, its transaction included. An iteration begins with an empty store, so that its file
 * does not grow from one to the next.
 */
@State(Scope.Benchmark)
@BenchmarkMode(Mode.AverageTime)
@OutputTimeUnit(TimeUnit.MICROSECONDS)
@Warmup(iterations = 3, time = 1)
@Measurement(iterations = 5, time = 1)
@Fork(
        value = 1,
        jvmArgsAppend = {"-XX:+UseSerialGC", "-XX:TieredStopAtLevel=1", "-Xms24m", "-Xmx24m"})
public class AppendBenchmark {
    /** Samples of a pass, each of another series. */
    @Param({"60", "300"})
    public int samples = 60;

    @SuppressWarnings("NullAway.Init") // By open(), which comes first.
    private StoreOnDisk disk;

    /** Opens a store that knows the series already. */
    @Setup(Level.Iteration)
    public void open() throws IOException, StoreException, InterruptedException {
        disk = new StoreOnDisk(samples);
        append();
    }

    /** Removes it. */
    @TearDown(Level.Iteration)
    public void remove() throws IOException {
        disk.close();
    }

    /** What is measured. */
    @Benchmark
    public AppendResult append() throws StoreException, InterruptedException {
        return disk.store().append(disk.nextPass());
    }
}
