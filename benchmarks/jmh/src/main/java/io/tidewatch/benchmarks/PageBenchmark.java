package io.tidewatch.benchmarks;

import io.tidewatch.api.collector.Sample;
import io.tidewatch.exposition.DropCounts;
import io.tidewatch.exposition.ExpositionFormat;
import io.tidewatch.exposition.PageSamples;
import io.tidewatch.exposition.PageSettings;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
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
import org.openjdk.jmh.annotations.Warmup;

/** One page of another program, made into samples: as at the first scrape, or at one after it whose series are known. */
@State(Scope.Benchmark)
@BenchmarkMode(Mode.AverageTime)
@OutputTimeUnit(TimeUnit.MICROSECONDS)
@Warmup(iterations = 3, time = 1)
@Measurement(iterations = 5, time = 1)
@Fork(
        value = 1,
        jvmArgsAppend = {"-XX:+UseSerialGC", "-XX:TieredStopAtLevel=1", "-Xms24m", "-Xmx24m"})
public class PageBenchmark {
    private static final int PER_FAMILY = 10;

    /** Samples of the page, each of another series. */
    @Param("1000")
    public int samples = 1000;

    private byte[] page = {};
    private final PageSamples known = unread();

    /** Writes the page, and reads it once. */
    @Setup
    public void write() throws IOException {
        StringBuilder text = new StringBuilder();
        for (int family = 0; family < samples / PER_FAMILY; family++) {
            String name = "node_subsystem_" + family + "_seconds_total";
            text.append("# HELP ").append(name).append(" Seconds that the subsystem spent in each mode.\n");
            text.append("# TYPE ").append(name).append(" counter\n");
            for (int i = 0; i < PER_FAMILY; i++) {
                text.append(name)
                        .append("{cpu=\"")
                        .append(i)
                        .append("\",mode=\"idle\"} ")
                        .append(family * 1234.56 + i)
                        .append('\n');
            }
        }
        page = text.toString().getBytes(StandardCharsets.UTF_8);
        again();
    }

    /** A page whose series are known. */
    @Benchmark
    public List<Sample> again() throws IOException {
        return read(known);
    }

    /** A page whose series are all new. */
    @Benchmark
    public List<Sample> first() throws IOException {
        return read(unread());
    }

    private static PageSamples unread() {
        return new PageSamples(PageSettings.DEFAULT, new DropCounts("bench"), System::nanoTime);
    }

    private List<Sample> read(PageSamples source) throws IOException {
        source.begin();
        source.read("page", new ByteArrayInputStream(page), ExpositionFormat.TEXT, true);
        return source.list();
    }
}
