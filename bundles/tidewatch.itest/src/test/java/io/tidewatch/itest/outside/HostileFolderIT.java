package io.tidewatch.itest.outside;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import com.fasterxml.jackson.databind.JsonNode;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.jar.JarOutputStream;
import java.util.jar.Manifest;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/**
 * A deploy folder of twelve jars that are bad neighbours in one way each, for {@code tidewatch.hostile.seconds}: each is named
 * in health, and the built-in collectors have no gap. Prints its figures.
 */
class HostileFolderIT {
    private static final Duration LASTING = Duration.ofSeconds(Integer.getInteger("tidewatch.hostile.seconds", 10));

    private static final String COLLECTOR =
            """
            context.registerService(
                    io.tidewatch.api.collector.Collector.class,
                    new io.tidewatch.api.collector.Collector() {
                        private final io.tidewatch.api.collector.Metric metric =
                                io.tidewatch.api.collector.Metric.gauge(
                                        "hostile.value", io.tidewatch.api.collector.Unit.NONE, "A value");

                        public java.util.List<io.tidewatch.api.collector.Metric> metrics() {
                            return java.util.List.of(metric);
                        }

                        public java.util.List<io.tidewatch.api.collector.Sample> collect() {
                            %s
                        }
                    },
                    new java.util.Hashtable<>(java.util.Map.of(
                            "collector.name", "%s", "collector.interval", "1s", "collector.timeout", "500ms")));
            """;

    private static final String HEALTH =
            """
            context.registerService(
                    io.tidewatch.api.health.HealthCheck.class,
                    () -> {
                        %s
                    },
                    new java.util.Hashtable<>(java.util.Map.of("health.name", "%s")));
            """;

    private static final String FOREVER =
            """
            while (!Thread.currentThread().isInterrupted()) {
                java.util.concurrent.locks.LockSupport.parkNanos(1_000_000_000);
            }
            throw new IllegalStateException("interrupted");
            """;

    private AgentProcess agent;
    private Path folder;

    @BeforeEach
    void start() throws Exception {
        folder = AgentProcess.workFolder("hostile-folder");
        agent = new AgentProcess(AgentProcess.distribution(), folder);
        for (String collector : List.of("memory", "load")) {
            agent.configure("tidewatch.collector." + collector, Map.of("interval", "1s"));
        }
        agent.start();
        agent.awaitStatus("ok");
    }

    @AfterEach
    void end() throws Exception {
        agent.close();
    }

    @Test
    void twelveHostileJarsAreNamedAndCostTheBuiltInsNothing() throws Exception {
        long begin = System.currentTimeMillis();
        long residentBefore = resident();
        List<Path> jars = deploy();
        assertThat(jars).hasSize(12);
        for (Path jar : jars) {
            String name = jar.getFileName().toString().replace(".jar", "");
            agent.await(name + " named in health", () -> messages().contains(name));
        }
        long until = System.nanoTime() + LASTING.toNanos();
        agent.await(LASTING + " with them", LASTING.plusSeconds(60), () -> System.nanoTime() > until);
        String named = messages();
        long residentMeanwhile = resident();
        for (Path jar : jars) {
            Files.delete(jar);
        }
        agent.awaitStatus("ok");
        assertThat(agent.get("/health/live").status()).isEqualTo(200);
        long residentAfter = resident();
        assertThat(agent.stop()).isZero();

        SortedMap<Long, Double> memory = series("memory_used_bytes", begin);
        SortedMap<Long, Double> load = series("load_1m", begin);
        System.out.printf(
                "%d s with 12 hostile jars: %d passes of memory, %d of load, longest gap %d ms; resident %d KiB before,"
                        + " %d with them, %d after their removal%n%s%n",
                LASTING.toSeconds(),
                memory.size(),
                load.size(),
                longestGap(memory),
                residentBefore,
                residentMeanwhile,
                residentAfter,
                named);
        // Every second each, begun at the same moments: a machine that stalls costs both the same passes.
        assertThat(memory.size()).isCloseTo(load.size(), within(2));
    }

    private List<Path> deploy() throws Exception {
        List<Path> jars = new ArrayList<>(new DeployedActivators(Files.createDirectories(folder.resolve("project")))
                .with("hangs.start", "if (context != null) {" + FOREVER + "}", Map.of())
                .with("raises.start", "throw new IllegalStateException(\"no modem\");", Map.of())
                .with(
                        "many.threads",
                        """
                        for (int i = 0; i < 1000; i++) {
                            Thread thread = new Thread(() -> {
                                try {
                                    Thread.sleep(Long.MAX_VALUE);
                                } catch (InterruptedException e) {
                                    return;
                                }
                            });
                            thread.setDaemon(true);
                            thread.start();
                        }
                        """,
                        Map.of())
                .with("hangs.health", HEALTH.formatted(FOREVER, "hangs.health"), Map.of())
                .with(
                        "raises.health",
                        HEALTH.formatted("throw new NoClassDefFoundError(\"com/example/Gone\");", "raises.health"),
                        Map.of())
                .with("hangs.collect", COLLECTOR.formatted(FOREVER, "hangs.collect"), Map.of())
                .with(
                        "errs.collect",
                        COLLECTOR.formatted("throw new OutOfMemoryError(\"Java heap space\");", "errs.collect"),
                        Map.of())
                .with(
                        "floods.collect",
                        COLLECTOR.formatted(
                                "return java.util.Collections.nCopies(1_000_000, metric.sample(1));", "floods.collect"),
                        Map.of())
                .with("lacks.packages", "", Map.of("Import-Package", "com.example.modem, *"))
                .with("copies.api", "", Map.of("-includeresource", "@" + CollectorsPageIT.contract()))
                .deploy(agent));
        jars.add(Files.writeString(agent.folder("deploy").resolve("broken.file.jar"), "no jar"));
        jars.add(fragment(agent.folder("deploy").resolve("fragment.of.jar")));
        return jars;
    }

    private static Path fragment(Path file) throws IOException {
        Manifest manifest = new Manifest();
        manifest.getMainAttributes().putValue("Manifest-Version", "1.0");
        manifest.getMainAttributes().putValue("Bundle-ManifestVersion", "2");
        manifest.getMainAttributes().putValue("Bundle-SymbolicName", "fragment.of");
        manifest.getMainAttributes().putValue("Fragment-Host", "tidewatch.store.sqlite");
        try (JarOutputStream jar = new JarOutputStream(Files.newOutputStream(file), manifest)) {
            jar.finish();
        }
        return file;
    }

    /** What components say that are not well, one per line. */
    private String messages() throws IOException {
        StringBuilder messages = new StringBuilder();
        for (Map.Entry<String, JsonNode> component :
                agent.get("/health").json().path("components").properties()) {
            if (!component.getValue().path("status").asText().equals("ok")) {
                messages.append(component.getKey())
                        .append(": ")
                        .append(component.getValue().path("message").asText())
                        .append('\n');
            }
        }
        return messages.toString();
    }

    /** In KiB. */
    private long resident() throws IOException {
        return Files.readAllLines(Path.of("/proc/" + agent.process().pid() + "/status")).stream()
                .filter(line -> line.startsWith("VmRSS:"))
                .mapToLong(line -> Long.parseLong(line.replaceAll("\\D+", "")))
                .findFirst()
                .orElseThrow();
    }

    private SortedMap<Long, Double> series(String name, long begin) throws Exception {
        return new Database(agent.database())
                .numericSamples().entrySet().stream()
                        .filter(series -> name.equals(series.getKey().get("__name__")))
                        .map(Map.Entry::getValue)
                        .findFirst()
                        .orElseGet(TreeMap::new)
                        .tailMap(begin);
    }

    private static long longestGap(SortedMap<Long, Double> series) {
        long longest = 0;
        long before = series.firstKey();
        for (long time : new TreeSet<>(series.keySet())) {
            longest = Math.max(longest, time - before);
            before = time;
        }
        return longest;
    }
}
