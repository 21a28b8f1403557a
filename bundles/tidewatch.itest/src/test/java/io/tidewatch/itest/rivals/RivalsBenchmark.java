package io.tidewatch.itest.rivals;

import io.tidewatch.testing.server.FreePort;
import io.tidewatch.testing.server.VictoriaMetrics;
import java.io.IOException;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Duration;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * Measures the shipped agent beside node_exporter with vmagent and beside collectd, and prints a table; run by
 * {@code ./bench rivals}, which says in system properties ({@code tidewatch.bench.*}) how long, where everything lies, and
 * whether the documentation is to be rewritten.
 */
final class RivalsBenchmark {
    /** Seconds between two samples of a series; the files in benchmarks/rivals say the same. */
    private static final int INTERVAL = 10;

    private RivalsBenchmark() {}

    public static void main(String[] arguments) throws Exception {
        Runtime.getRuntime()
                .addShutdownHook(new Thread(
                        () -> ProcessHandle.current().descendants().forEach(ProcessHandle::destroyForcibly),
                        "bench-end"));
        String earlier = property("from");
        Path out = Files.createDirectories(Path.of(property("out")));
        RivalsResult result = earlier.isEmpty() ? run() : RivalsResult.read(Path.of(earlier));
        result.write(out.resolve("rivals.json"));
        Files.writeString(out.resolve("rivals.svg"), RivalsChart.of(result));
        System.out.println();
        RivalsPage.lines(result).forEach(System.out::println);
        System.out.println();
        System.out.println("The raw figures and a chart are in " + out);
        if (Boolean.parseBoolean(property("docs"))) {
            new RivalsPage(Path.of("docs")).write(result);
            System.out.println("docs/benchmarks.md, its figures and its chart are rewritten.");
        }
    }

    private static RivalsResult run() throws Exception {
        Path work = Path.of(property("work"));
        RivalFiles files = new RivalFiles(Path.of(property("packages")), Path.of(property("configuration")));
        int windows = Integer.parseInt(property("windows"));
        Duration live = Duration.ofMinutes(Long.parseLong(property("minutes")));
        String taken =
                Clock.systemUTC().instant().truncatedTo(ChronoUnit.MINUTES).toString();
        List<Rival> rivals = new ArrayList<>();
        int graphite = FreePort.next();
        try (VictoriaMetrics server = VictoriaMetrics.start("-graphiteListenAddr=127.0.0.1:" + graphite)) {
            try {
                rivals.add(new TidewatchRival(
                        folder(work, "tidewatch"),
                        server.url(),
                        INTERVAL,
                        property("version"),
                        property("java"),
                        Long.parseLong(property("java.kb"))));
                rivals.add(new VmAgentRival(files, folder(work, "vmagent"), server.url()));
                rivals.add(
                        new CollectdRival(files, folder(work, "collectd"), URI.create("tcp://127.0.0.1:" + graphite)));
                RivalsRun.Measured measured = new RivalsRun(
                                server,
                                new Received(server),
                                rivals,
                                windows,
                                live.dividedBy(windows),
                                Duration.ofMinutes(Long.parseLong(property("outage"))),
                                1.0 / Long.parseLong(property("ticks")))
                        .measure();
                return new RivalsResult(taken, INTERVAL, machine(), measured.busyShare(), measured.contenders());
            } finally {
                for (Rival rival : rivals) {
                    rival.close();
                }
            }
        }
    }

    private static Path folder(Path work, String name) throws IOException {
        return Files.createDirectories(work.resolve(name));
    }

    private static RivalsResult.Machine machine() throws IOException {
        return new RivalsResult.Machine(
                first("/proc/cpuinfo", "model name\\s*: (.*)"),
                Runtime.getRuntime().availableProcessors(),
                ProcText.number(Files.readString(Path.of("/proc/meminfo")), "MemTotal") / 1024,
                first("/proc/sys/kernel/osrelease", "(.*)"),
                first("/etc/os-release", "PRETTY_NAME=\"(.*)\""),
                System.getProperty("java.version"));
    }

    private static String first(String file, String pattern) throws IOException {
        Matcher line = Pattern.compile(pattern).matcher(Files.readString(Path.of(file)));
        return line.find() ? line.group(1).strip() : "unknown";
    }

    private static String property(String name) {
        String value = System.getProperty("tidewatch.bench." + name);
        if (value == null) {
            throw new IllegalArgumentException(
                    "-Dtidewatch.bench." + name + " is missing. Run ./bench rivals instead.");
        }
        return value;
    }
}
