package io.tidewatch.benchmarks;

import io.tidewatch.api.collector.Collector;
import io.tidewatch.api.collector.Sample;
import java.nio.file.Path;
import java.util.List;
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
import org.openjdk.jmh.infra.Blackhole;

/** One pass of one collector, or of all after another, on a {@link LargeServer}. */
@State(Scope.Thread)
@BenchmarkMode(Mode.AverageTime)
@OutputTimeUnit(TimeUnit.MICROSECONDS)
@Warmup(iterations = 3, time = 1)
@Measurement(iterations = 5, time = 1)
@Fork(value = 1, jvmArgsAppend = "-XX:TieredStopAtLevel=1")
public class CollectorPassBenchmark {
    /** Folder of the fixture machines, from the folder of the module. */
    @Param("../tidewatch.testing/machines")
    public String machines = "";

    /** Name of the collector, or all. */
    @Param({"all", "cpu", "memory", "disk", "network", "thermal", "load", "uptime", "filesystem", "pressure", "cpufreq"
    })
    public String collector = "";

    private LargeServer server;
    private List<Collector> collectors;

    /** Unpacks the machine and makes a first pass, after which rates have a value too. */
    @Setup(Level.Trial)
    public void start() throws Exception {
        server = new LargeServer(Path.of(machines));
        collectors = server.named(collector);
        countSamples();
        server.letTimePass();
        if (countSamples() == 0) {
            throw new IllegalStateException("A pass of " + collector + " found nothing");
        }
    }

    /** Removes the machine. */
    @TearDown(Level.Trial)
    public void stop() throws Exception {
        server.close();
    }

    /** The pass. */
    @Benchmark
    public void pass(Blackhole samples) throws Exception {
        for (Collector one : collectors) {
            samples.consume(one.collect());
        }
    }

    /** Lets time pass. By the invocation: a pass takes long enough for that. */
    @Setup(Level.Invocation)
    public void letTimePass() throws Exception {
        server.letTimePass();
    }

    private int countSamples() throws Exception {
        int count = 0;
        for (Collector one : collectors) {
            List<Sample> samples = one.collect();
            count += samples.size();
        }
        return count;
    }
}
