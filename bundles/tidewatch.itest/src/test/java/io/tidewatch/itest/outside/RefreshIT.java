package io.tidewatch.itest.outside;

import static org.assertj.core.api.Assertions.assertThat;

import io.tidewatch.testing.server.VictoriaMetrics;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Map;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Order;
import org.junit.jupiter.api.Test;

/** Parts on which others rest are updated and refreshed under load, or end for good; a deployed jar does it. */
@Order(3)
class RefreshIT {
    private static final String DEVICE = "refresh";

    private Path folder;
    private VictoriaMetrics server;
    private AgentProcess agent;

    @BeforeEach
    void start() throws Exception {
        folder = AgentProcess.workFolder("refresh");
        server = VictoriaMetrics.start();
        agent = new AgentProcess(AgentProcess.distribution(), folder)
                .configure("tidewatch.device", Map.of("id", DEVICE))
                .configure(
                        "tidewatch.uploader.victoriametrics",
                        Map.of("url", server.importUrl().toString(), "upload.interval", "1s"));
        for (String collector : new String[] {"cpu", "memory", "load", "network"}) {
            agent.configure("tidewatch.collector." + collector, Map.of("interval", "100ms"));
        }
        agent.start();
        agent.awaitStatus("ok");
    }

    @AfterEach
    void end() throws Exception {
        agent.close();
        server.close();
    }

    @Test
    void everySampleArrivesWhileStoreUploaderAndApiAreUpdatedAndRefreshed() throws Exception {
        Path journal = folder.resolve("journal");
        Path jar = new DeployedActivators(Files.createDirectories(folder.resolve("project")))
                .with(
                        "refresher",
                        """
                        new Thread(() -> {
                            try {
                                for (String name : new String[] {"store.sqlite", "uploader.victoriametrics", "api"}) {
                                    for (org.osgi.framework.Bundle bundle : context.getBundles()) {
                                        if (("tidewatch." + name).equals(bundle.getSymbolicName())) {
                                            boolean started = false;
                                            for (int i = 0; !started; i++) {
                                                try {
                                                    if (i == 0) {
                                                        bundle.update();
                                                    } else {
                                                        bundle.start();
                                                    }
                                                    started = true;
                                                } catch (org.osgi.framework.BundleException e) {
                                                    // Felix gives up where two threads wait for each other's locks.
                                                    if (i == 50) {
                                                        throw e;
                                                    }
                                                    java.util.concurrent.locks.LockSupport.parkNanos(100_000_000);
                                                }
                                            }
                                            java.util.concurrent.CountDownLatch done =
                                                    new java.util.concurrent.CountDownLatch(1);
                                            context.getBundle(0)
                                                    .adapt(org.osgi.framework.wiring.FrameworkWiring.class)
                                                    .refreshBundles(java.util.Set.of(bundle), event -> done.countDown());
                                            done.await();
                                        }
                                    }
                                }
                                java.nio.file.Files.writeString(java.nio.file.Path.of("JOURNAL"), "done");
                            } catch (Exception e) {
                                throw new IllegalStateException(e);
                            }
                        }).start();
                        """
                                .replace("JOURNAL", journal.toString()),
                        Map.of())
                .deploy(agent)
                .get(0);
        agent.await("the refreshes", () -> Files.exists(journal));
        Files.delete(jar);
        agent.awaitStatus("ok");
        long newest = newest();
        agent.await("further samples", () -> newest() > newest + 2000);
        for (String collector : AgentProcess.shippedCollectors()) {
            agent.configure("tidewatch.collector." + collector, Map.of("enabled", "false"));
        }
        for (String collector : AgentProcess.ownCollectors()) {
            agent.configure("tidewatch.collector." + collector, Map.of("enabled", "false"));
        }
        assertThat(agent.stop()).isZero();
        agent.start();
        agent.await("everything to be delivered", () -> pending() == 0);
        assertThat(agent.stop()).isZero();

        Database database = new Database(agent.database());
        assertThat(database.integrity()).isEqualTo("ok");
        server.flush();
        assertThat(server.export("{device_id=\"" + DEVICE + "\"}")).isEqualTo(database.numericSamples());
    }

    @Test
    void anAgentWithoutDeclarativeServicesEndsAndWorksAfterItsRestart() throws Exception {
        Path jar = new DeployedActivators(Files.createDirectories(folder.resolve("project")))
                .with(
                        "stopper",
                        """
                        new Thread(() -> {
                            try {
                                for (org.osgi.framework.Bundle bundle : context.getBundles()) {
                                    if ("org.apache.felix.scr".equals(bundle.getSymbolicName())) {
                                        bundle.stop();
                                    }
                                }
                            } catch (Exception e) {
                                throw new IllegalStateException(e);
                            }
                        }).start();
                        """,
                        Map.of())
                .deploy(agent)
                .get(0);

        assertThat(agent.awaitEnd(Duration.ofMinutes(3))).isEqualTo(69);
        assertThat(agent.output()).contains(" has not worked for 60 s");

        Files.delete(jar);
        agent.start();
        agent.awaitStatus("ok");
    }

    private long newest() throws Exception {
        return new Database(agent.database())
                .numericSamples().entrySet().stream()
                        .filter(series ->
                                "memory_used_bytes".equals(series.getKey().get("__name__")))
                        .mapToLong(series -> series.getValue().lastKey())
                        .max()
                        .orElse(0);
    }

    private long pending() {
        return agent.component("uploader").path("details").path("pending_count").asLong(-1);
    }
}
