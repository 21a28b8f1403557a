package io.tidewatch.testing.collector;

import static org.assertj.core.api.Assertions.assertThat;

import io.tidewatch.api.collector.Sample;
import io.tidewatch.procfs.ProcFs;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/** The machine that the tests run on, and other programs that look at it. */
public final class RealMachine {
    private RealMachine() {}

    public static ProcFs procFs() {
        return new ProcFs(Path.of("/proc"), Path.of("/sys"), Path.of("/"));
    }

    /** Runs a program to its end; returns what it printed. */
    public static String run(String... command) throws IOException, InterruptedException {
        Process process = new ProcessBuilder(command).redirectErrorStream(true).start();
        String output = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
        assertThat(process.waitFor())
                .as(() -> "exit code of " + String.join(" ", command) + ", which printed: " + output)
                .isZero();
        return output;
    }

    /**
     * Returns whether there is a default route, of IPv4 or of IPv6 and not on the loopback interface. Without one the agent
     * reports that before a fault of the server.
     */
    public static boolean hasDefaultRoute() throws IOException {
        return lines("/proc/net/route").stream().anyMatch(line -> line.matches("\\S+\\s+0{8}\\s.*"))
                || lines("/proc/net/ipv6_route").stream().anyMatch(line -> line.matches("0{32} 00 .*(?<!\\slo)"));
    }

    private static List<String> lines(String file) throws IOException {
        return Files.exists(Path.of(file)) ? Files.readAllLines(Path.of(file)) : List.of();
    }

    /** Values by metric and tag values, as {@code cpu.usage_percent[all]}. */
    public static Map<String, Double> valuesOf(List<Sample> samples) {
        Map<String, Double> values = new TreeMap<>();
        samples.forEach(sample -> values.put(sample.metric().name() + sample.tagValues(), sample.value()));
        return values;
    }

    /** Keeps a processor busy for about that many milliseconds of processor time. */
    public static void burn(long millis) {
        ProcessHandle self = ProcessHandle.current();
        long until = cpuMillis(self) + millis;
        long sink = 0;
        while (cpuMillis(self) < until) {
            for (int i = 0; i < 1_000_000; i++) {
                sink += i * sink + 1;
            }
        }
        if (sink == 42) {
            throw new UncheckedIOException(new IOException("the loop was not optimized away"));
        }
    }

    private static long cpuMillis(ProcessHandle process) {
        return process.info().totalCpuDuration().orElseThrow().toMillis();
    }
}
