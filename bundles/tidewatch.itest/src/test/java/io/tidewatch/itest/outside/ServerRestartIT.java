package io.tidewatch.itest.outside;

import static org.assertj.core.api.Assertions.assertThat;

import io.tidewatch.testing.server.VictoriaMetrics;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.SortedMap;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * A server that is killed and back between two uploads, which no upload notices, and an agent that ends soon after and
 * starts when the server has been up for long.
 */
class ServerRestartIT {
    private static final String DEVICE = "server-restart";

    /** Longer ago than an agent without a history of the server suspects a restart. */
    private static final Duration OFF = Duration.ofSeconds(690);

    private VictoriaMetrics server;
    private AgentProcess agent;
    private FakeClock clock;

    @BeforeEach
    void start() throws Exception {
        Path folder = AgentProcess.workFolder("server-restart");
        server = VictoriaMetrics.start();
        agent = new AgentProcess(AgentProcess.distribution(), folder)
                .configure("tidewatch.device", Map.of("id", DEVICE))
                .configure(
                        "tidewatch.uploader.victoriametrics",
                        Map.of("url", server.importUrl().toString(), "upload.interval", "1s"));
        agent.configure("tidewatch.collector.cpu", Map.of("interval", "500ms"))
                .configure("tidewatch.collector.memory", Map.of("interval", "500ms"));
        clock = FakeClock.of(agent, Duration.ZERO);
        agent.start();
    }

    @AfterEach
    void end() throws Exception {
        agent.close();
        server.close();
    }

    @ParameterizedTest
    @ValueSource(booleans = {true, false})
    void everySampleIsAtTheServerAfterTheNextStart(boolean orderly) throws Exception {
        agent.awaitStatus("ok");
        awaitUploads(60);
        // A server that is as young as the agent may have lost samples as well: the first report is followed by that.
        agent.await("the first report of the server", () -> details("resent_total") > 0);
        long resent = details("resent_total");
        restartTheServerBetweenTwoUploads();
        awaitUploads(10);
        assertThat(details("resent_total")).as("nothing was noticed yet").isEqualTo(resent);
        assertThat(details("failures_total")).isZero();
        if (orderly) {
            assertThat(agent.stop()).isZero();
        } else {
            agent.kill();
        }
        Database database = new Database(agent.database());
        Map<SortedMap<String, String>, SortedMap<Long, Double>> acknowledged = database.numericSamples();
        server.flush();
        assertThat(count(exported())).as("the server has lost samples").isLessThan(count(acknowledged));

        clock.set(OFF);
        // Within one boot the time that is only made up would be a step of the clock.
        database.execute("UPDATE sessions SET boot_id = 'another'");
        List<String> collectors = new ArrayList<>(AgentProcess.shippedCollectors());
        collectors.addAll(AgentProcess.ownCollectors());
        for (String collector : collectors) {
            agent.configure("tidewatch.collector." + collector, Map.of("enabled", "false"));
        }
        agent.configure("tidewatch.clockskew", Map.of("enabled", "false"));
        agent.start();

        agent.await("every sample to be on the server", () -> {
            server.flush();
            return database.pending() == 0 && exported().equals(database.numericSamples());
        });
        assertThat(count(database.numericSamples())).isGreaterThanOrEqualTo(count(acknowledged));
        agent.await(
                "the uploader to be ok",
                () -> agent.component("uploader").path("status").asText().equals("ok"));
    }

    private void restartTheServerBetweenTwoUploads() throws Exception {
        agent.signal("STOP");
        server.kill();
        server.restart();
        agent.signal("CONT");
    }

    private void awaitUploads(int more) throws IOException {
        long before = details("uploaded_total");
        agent.await("uploads to go on", () -> details("uploaded_total") > before + more);
    }

    private Map<SortedMap<String, String>, SortedMap<Long, Double>> exported() throws IOException {
        return server.export("{device_id=\"" + DEVICE + "\"}");
    }

    private static int count(Map<SortedMap<String, String>, SortedMap<Long, Double>> series) {
        return series.values().stream().mapToInt(Map::size).sum();
    }

    private long details(String name) {
        return agent.component("uploader").path("details").path(name).asLong();
    }
}
