package io.tidewatch.benchmarks;

import io.tidewatch.api.collector.Collector;
import io.tidewatch.api.collector.Sample;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
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
import org.openjdk.jmh.infra.Blackhole;

/**
 * One pass of a collector, or one of each after the other, on a server of 64 cores and 50 network interfaces. The compiler
 * and the garbage collector are those that the agent runs with, since they decide what is allocated and what it costs.
 */
@State(Scope.Benchmark)
@BenchmarkMode(Mode.AverageTime)
@OutputTimeUnit(TimeUnit.MICROSECONDS)
@Warmup(iterations = 3, time = 1)
@Measurement(iterations = 5, time = 1)
@Fork(
        value = 1,
        jvmArgsAppend = {"-XX:+UseSerialGC", "-XX:TieredStopAtLevel=1", "-Xms24m", "-Xmx24m"})
public class CollectorPassBenchmark {
    /** Which collector. */
    @Param({
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
        LinuxCollectors.ALL
    })
    public String collector = LinuxCollectors.ALL;

    @SuppressWarnings("NullAway.Init") // By prepare(), which comes first.
    private LinuxMachine machine;

    private List<Collector> collectors = List.of();

    /** Sets up the machine, and lets the collectors remember what they compare the next pass with. */
    @Setup
    public void prepare() throws IOException, InterruptedException {
        machine = LinuxMachine.unpack("x86-server");
        collectors = LinuxCollectors.of(collector, machine.procFs());
        samples();
    }

    /** Removes the machine. */
    @TearDown
    public void remove() throws IOException {
        machine.close();
    }

    /** What is measured. */
    @Benchmark
    public void pass(Blackhole read) throws IOException, InterruptedException {
        machine.tick();
        for (Collector each : collectors) {
            read.consume(each.collect());
        }
    }

    /** What such a pass reads. */
    List<Sample> samples() throws IOException, InterruptedException {
        machine.tick();
        List<Sample> samples = new ArrayList<>();
        for (Collector each : collectors) {
            samples.addAll(each.collect());
        }
        return samples;
    }
}
