package io.tidewatch.itest.outside;

import static org.assertj.core.api.Assertions.assertThat;

import com.sun.net.httpserver.HttpServer;
import io.tidewatch.itest.outside.AgentProcess.Ended;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

/** {@code tidewatch try} on the built distribution, beside a running agent that it does not disturb. */
class TryIT {
    private static final String BUNDLE = "com.example.tried";

    private static Path folder;
    private static HttpServer page;
    private static AgentProcess agent;
    private static String lock;
    private static Set<Path> leftBefore;

    @BeforeAll
    static void startAgentAndPage() throws Exception {
        folder = AgentProcess.workFolder("try");
        page = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 10);
        page.createContext("/metrics", exchange -> {
            byte[] text = "node_x{mode=\"idle\"} 7\nnode_y 8\n".getBytes(StandardCharsets.UTF_8);
            exchange.sendResponseHeaders(200, text.length);
            exchange.getResponseBody().write(text);
            exchange.close();
        });
        page.start();
        agent = new AgentProcess(AgentProcess.distribution(), folder)
                .configure("tidewatch.collector.memory", Map.of("interval", "500ms"))
                .configure("tidewatch.collector.load", Map.of("intervall", "5s"))
                .configure("tidewatch.collector.scrape-node", Map.of("url", url()))
                .start();
        agent.await("samples", () -> new Database(agent.database()).count() > 0);
        lock = lock();
        leftBefore = left();
    }

    @AfterAll
    static void theAgentWasNotDisturbedAndNothingIsLeft() throws Exception {
        try {
            assertThat(agent.component("collector.memory").path("status").asText())
                    .isEqualTo("ok");
            assertThat(agent.component("storage").path("status").asText()).isEqualTo("ok");
            assertThat(lock()).isEqualTo(lock);
            assertThat(left()).isEqualTo(leftBefore);
            assertThat(agent.output()).doesNotContain("ERROR", "-try");
            assertThat(agent.stop()).isZero();
        } finally {
            agent.close();
            page.stop(0);
        }
    }

    @Test
    void aPage() throws Exception {
        assertThat(agent.runAnother("try", url()))
                .matches(ended -> ended.exitCode() == 0)
                .extracting(Ended::output)
                .asString()
                .containsPattern("(?m)^[0-9:.]+ +7 {2}node_x\\{mode=\"idle\"}$")
                .containsPattern("(?m) 1 {2}scrape\\.up$")
                .doesNotContain("tidewatch:", "instance");
        assertThat(agent.runAnother("try", "--max.series=1", "--max.sereis=1", url()))
                .matches(ended -> ended.exitCode() == 1)
                .extracting(Ended::output)
                .asString()
                .contains("did you mean max.series?", "tidewatch: scrape: ", "node_x")
                .doesNotContain("  node_y");
    }

    @Test
    void aFile() throws Exception {
        Path good = Files.writeString(folder.resolve("good.prom"), "backup_age_seconds 12\n");
        Path broken = Files.writeString(folder.resolve("broken.prom"), "a 1\nb{x=\"y 2\n");

        assertThat(agent.runAnother("try", good.toString()))
                .matches(ended -> ended.exitCode() == 0)
                .matches(ended -> ended.output().contains("             12  backup_age_seconds\n"));
        assertThat(agent.runAnother("try", broken.toString()))
                .matches(ended -> ended.exitCode() == 1)
                .matches(ended -> ended.output().contains("tidewatch: textfile: broken.prom: broken.prom:2:9: "));
    }

    @Test
    void aCommand() throws Exception {
        assertThat(agent.runAnother("try", "--json", "--", "echo", "from_command{a=\"--help\"} 5"))
                .matches(ended -> ended.exitCode() == 0)
                .matches(ended -> ended.output()
                        .contains("\"metric\":\"from_command\",\"tags\":{\"a\":\"--help\"},\"value\":5.0"));
        assertThat(agent.runAnother("try", "--", "false"))
                .matches(ended -> ended.exitCode() == 1)
                .matches(ended -> ended.output().contains("ended with exit code 1"));
    }

    @Test
    void aCollectorOfTheInstallationWithItsSettings() throws Exception {
        assertThat(agent.runAnother("try", "cpu"))
                .matches(ended -> ended.exitCode() == 0)
                .matches(ended -> ended.output().contains("cpu.usage_percent{core=\"all\"}"))
                .matches(ended -> ended.output().contains("need two passes"));
        assertThat(agent.runAnother("try", "scrape-node"))
                .matches(ended -> ended.exitCode() == 0)
                .matches(ended -> ended.output().contains("{instance=\"node\"}"));
        assertThat(agent.runAnother("try", "load"))
                .matches(ended -> ended.exitCode() == 1)
                .matches(ended -> ended.output().contains("tidewatch.collector.load.cfg:1: intervall is no key of "))
                .matches(ended -> ended.output().contains("  load.1m"));
    }

    @Test
    void aJar() throws Exception {
        CompiledExample example = new CompiledExample(Files.createDirectories(folder.resolve("project")));
        example.write(
                "com/example/tried/Tried.java",
                """
                package com.example.tried;

                import io.tidewatch.api.collector.*;
                import java.util.List;
                import org.osgi.service.component.annotations.Component;

                @Component
                @CollectorProperties(name = "tried", timeout = "10s")
                public final class Tried implements Collector {
                    private static final Metric PASSES = Metric.gauge("tried.passes", Unit.NONE, "Passes", "kind");
                    private int passes;

                    public List<Metric> metrics() {
                        return List.of(PASSES);
                    }

                    public List<Sample> collect() throws InterruptedException {
                        if (Boolean.getBoolean("tried.hang")) {
                            Thread.sleep(100_000);
                        }
                        passes++;
                        return List.of(PASSES.sample(passes, passes == 1 ? "first" : "later"));
                    }
                }
                """);
        example.compile();
        Path jar = example.bundle(BUNDLE, "1.0.0", CollectorsPageIT.contract());

        assertThat(agent.runAnother("try", jar.toString()))
                .matches(ended -> ended.exitCode() == 0)
                .matches(ended -> ended.output().contains(" 2  tried.passes{kind=\"later\"}"));
        agent.variable("TIDEWATCH_JAVA_OPTS", "-Dtried.hang=true");
        try {
            assertThat(agent.runAnother("try", jar.toString()))
                    .matches(ended -> ended.exitCode() == 1)
                    .matches(ended -> ended.output().contains("interrupted after its timeout of 10000 ms"));
        } finally {
            agent.variable("TIDEWATCH_JAVA_OPTS", "");
        }
        CompiledExample blocking = new CompiledExample(Files.createDirectories(folder.resolve("blocking")));
        blocking.write(
                "blocking/Activator.java",
                """
                package blocking;

                public final class Activator implements org.osgi.framework.BundleActivator {
                    public void start(org.osgi.framework.BundleContext context) throws Exception {
                        new java.util.concurrent.CountDownLatch(1).await();
                    }

                    public void stop(org.osgi.framework.BundleContext context) {}
                }
                """);
        blocking.compile();
        Path blocked = blocking.bundle(
                "blocking", "1.0.0", CollectorsPageIT.contract(), Map.of("Bundle-Activator", "blocking.Activator"));
        assertThat(agent.runAnother("try", blocked.toString()))
                .matches(ended -> ended.exitCode() == 1)
                .matches(ended -> ended.output().contains("its activator or an immediate component blocks"));
        assertThat(agent.runAnother("try", jar.toString())).matches(ended -> ended.exitCode() == 0);
        assertThat(agent.runAnother("try", CollectorsPageIT.contract().toString()))
                .matches(ended -> ended.exitCode() == 1)
                .matches(ended -> ended.output().contains("registers no Collector"));
    }

    @Test
    void nonsense() throws Exception {
        for (List<String> typed : List.of(List.of("try"), List.of("try", "#!"), List.of("try", "--nonsense", "cpu"))) {
            assertThat(agent.runAnother(typed.toArray(String[]::new)))
                    .matches(ended -> ended.exitCode() == 64)
                    .matches(ended -> ended.output().contains("'tidewatch try --help' shows what there is."));
        }
        assertThat(agent.runAnother("try", "memry"))
                .matches(ended -> ended.exitCode() == 64)
                .matches(ended -> ended.output().contains("did you mean 'memory'?"));
    }

    private static String url() {
        return "http://127.0.0.1:" + page.getAddress().getPort() + "/metrics";
    }

    private static String lock() throws Exception {
        Path file = folder.resolve("state/metrics.db.lock");
        return Files.readString(file) + Files.getLastModifiedTime(file);
    }

    /** Temporary folders of trials. */
    private static Set<Path> left() throws Exception {
        try (Stream<Path> files = Files.list(Path.of(System.getProperty("java.io.tmpdir")))) {
            return files.filter(file -> file.getFileName().toString().startsWith("tidewatch-try-"))
                    .collect(Collectors.toSet());
        }
    }
}
