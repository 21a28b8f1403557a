package io.tidewatch.itest.outside;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Several instances of a collector that has one without configuration: they take its place, and it theirs. */
class InstancesIT {
    private static final String NETWORK = "tidewatch.collector.network";
    private static final String LOOPBACK = "network_rx_bytes_total{device_id=\"several\",%sinterface=\"lo\"}";

    private AgentProcess agent;

    @BeforeEach
    void start() throws Exception {
        agent = new AgentProcess(AgentProcess.distribution(), AgentProcess.workFolder("instances"))
                .configure("tidewatch.device", Map.of("id", "several"))
                .configure(NETWORK, Map.of("include", "lo", "interval", "500ms"))
                .start();
        agent.await("the only one", () -> metrics().contains(LOOPBACK.formatted("")));
    }

    @AfterEach
    void end() throws Exception {
        agent.close();
    }

    @Test
    void theyTakeThePlaceOfTheOnlyOneAndItTheirs() throws Exception {
        agent.configure(NETWORK + "-fast", Map.of("include", "lo", "interval", "500ms"));
        agent.await("the second file refused", () -> agent.component("config")
                .path("message")
                .asText()
                .contains("network-fast.cfg: is not used beside " + NETWORK + ".cfg"));
        assertThat(agent.component("collector.network").isMissingNode()).isFalse();

        Files.move(file(""), file("-slow"));
        agent.await(
                "both instances",
                () -> metrics().contains(LOOPBACK.formatted("instance=\"fast\","))
                        && metrics().contains(LOOPBACK.formatted("instance=\"slow\",")));
        agent.await(
                "no problem",
                () -> agent.component("config").path("status").asText().equals("ok"));
        agent.await(
                "none without a name",
                () -> agent.component("collector.network").isMissingNode()
                        && !agent.component("collector.network-slow").isMissingNode());

        agent.kill();
        agent.start();
        agent.await("both after a restart", () -> passes("network-fast") && passes("network-slow"));
        assertThat(agent.component("collector.network").isMissingNode()).isTrue();

        Files.delete(file("-fast"));
        agent.await("the other one alone", () -> agent.component("collector.network-fast")
                .isMissingNode());
        Files.move(file("-slow"), file(""));
        agent.await("the only one again", () -> passes("network") && metrics().contains(LOOPBACK.formatted("")));
        agent.await("none with a name", () -> agent.component("collector.network-slow")
                .isMissingNode());
    }

    @ParameterizedTest
    @ValueSource(strings = {"disk", "filesystem"})
    void otherCollectorsCanHaveSeveralToo(String collector) throws Exception {
        Path only = agent.folder("config").resolve("tidewatch.collector." + collector + ".cfg");
        Files.deleteIfExists(only);
        agent.await("one without a file", () -> !agent.component("collector." + collector)
                .isMissingNode());
        for (String name : new String[] {"one", "two"}) {
            agent.configure("tidewatch.collector." + collector + "-" + name, Map.of("interval", "500ms"));
        }
        agent.await("both instances", () -> passes(collector + "-one") && passes(collector + "-two"));
        assertThat(agent.component("collector." + collector).isMissingNode()).isTrue();
    }

    private boolean passes(String collector) {
        return agent.component("collector." + collector).path("details").has("last_success");
    }

    private String metrics() throws IOException {
        return agent.get("/metrics").body();
    }

    private Path file(String instance) {
        return agent.folder("config").resolve(NETWORK + instance + ".cfg");
    }
}
