package io.tidewatch.benchmarks;

import io.tidewatch.api.store.Delivery;
import io.tidewatch.api.store.DeliveryOutcome;
import io.tidewatch.api.store.DeliveryQuery;
import io.tidewatch.api.store.StoreException;
import io.tidewatch.api.store.StoreStatus;
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
 * One outcome of a delivery that was accepted whole, its transaction included. What is delivered is appended and
 * taken before each invocation, and not measured.
 */
@State(Scope.Benchmark)
@BenchmarkMode(Mode.AverageTime)
@OutputTimeUnit(TimeUnit.MICROSECONDS)
@Warmup(iterations = 3, time = 1)
@Measurement(iterations = 5, time = 1)
@Fork(
        value = 1,
        jvmArgsAppend = {"-XX:+UseSerialGC", "-XX:TieredStopAtLevel=1", "-Xms24m", "-Xmx24m"})
public class AcknowledgeBenchmark {
    /** Samples of the delivery, each of another series. */
    @Param({"60", "300"})
    public int samples = 60;

    @SuppressWarnings("NullAway.Init") // By open(), which comes first.
    private StoreOnDisk disk;

    @SuppressWarnings("NullAway.Init") // By prepare(), which comes first.
    private Delivery delivery;

    /** Opens a store. */
    @Setup(Level.Iteration)
    public void open() throws IOException, StoreException {
        disk = new StoreOnDisk(samples);
    }

    /** Removes it. */
    @TearDown(Level.Iteration)
    public void remove() throws IOException {
        disk.close();
    }

    /** Appends a pass, and takes it for delivery. */
    @Setup(Level.Invocation)
    public void prepare() throws StoreException, InterruptedException {
        disk.store().append(disk.nextPass());
        delivery = disk.store()
                .next(DeliveryQuery.everything("victoriametrics", samples))
                .orElseThrow(() -> new IllegalStateException("Nothing is pending"));
    }

    /** What is measured. */
    @Benchmark
    public void acknowledge() throws StoreException {
        disk.store().complete(delivery, DeliveryOutcome.accepted(delivery, disk.now()));
    }

    /** What the store says then. */
    StoreStatus status() {
        return disk.store().status();
    }
}
