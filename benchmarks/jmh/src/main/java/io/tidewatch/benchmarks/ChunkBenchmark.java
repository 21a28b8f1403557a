package io.tidewatch.benchmarks;

import io.tidewatch.api.store.Delivery;
import io.tidewatch.api.store.DeliveryQuery;
import io.tidewatch.api.store.StoreException;
import io.tidewatch.store.sqlite.StoreOnDisk;
import io.tidewatch.uploader.victoriametrics.RequestBody;
import java.io.IOException;
import java.util.concurrent.TimeUnit;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.BenchmarkMode;
import org.openjdk.jmh.annotations.Fork;
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
 * One request from the store to its compressed body: the next delivery of 50 series, cut into 50 lines, encoded and
 * compressed. It is never completed, so that the next invocation gets the same again.
 */
@State(Scope.Benchmark)
@BenchmarkMode(Mode.AverageTime)
@OutputTimeUnit(TimeUnit.MICROSECONDS)
@Warmup(iterations = 3, time = 1)
@Measurement(iterations = 5, time = 1)
@Fork(
        value = 1,
        jvmArgsAppend = {"-XX:+UseSerialGC", "-XX:TieredStopAtLevel=1", "-Xms24m", "-Xmx24m"})
public class ChunkBenchmark {
    private static final int LINES = 50;

    /** Values of a line: {@code live} as between two uploads, {@code backlog} the maximum of a line. */
    @Param({"live", "backlog"})
    public String shape = "live";

    @SuppressWarnings("NullAway.Init") // By open(), which comes first.
    private StoreOnDisk disk;

    @SuppressWarnings("NullAway.Init") // By open(), which comes first.
    private RequestBody body;

    /** Fills a store with what one request takes. */
    @Setup
    public void open() throws IOException, StoreException, InterruptedException {
        disk = new StoreOnDisk(LINES);
        body = new RequestBody();
        for (int i = 0; i < values(); i++) {
            disk.store().append(disk.nextPass());
        }
    }

    /** Removes it. */
    @TearDown
    public void remove() throws IOException {
        disk.close();
    }

    /** What is measured; returns the bytes of the body. */
    @Benchmark
    public int chunk() throws StoreException {
        return body.of(next());
    }

    /** What a request takes. */
    Delivery next() throws StoreException {
        return disk.store()
                .next(DeliveryQuery.everything("victoriametrics", LINES * values()))
                .orElseThrow(() -> new IllegalStateException("Nothing is pending"));
    }

    private int values() {
        return shape.equals("live") ? 3 : 100;
    }
}
