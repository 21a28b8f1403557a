package io.tidewatch.itest.outside;

import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/** All collectors of an agent at once. */
final class AllCollectors {
    private AllCollectors() {}

    /**
     * Turns them off, and waits until they are.
     *
     * @param more collectors beside those that are shipped
     */
    static void turnOff(AgentProcess agent, String... more) throws IOException {
        List<String> collectors = new ArrayList<>(AgentProcess.shippedCollectors());
        collectors.addAll(AgentProcess.ownCollectors());
        collectors.addAll(List.of(more));
        for (String collector : collectors) {
            agent.configure("tidewatch.collector." + collector, Map.of("enabled", "false"));
        }
        agent.configure("tidewatch.collector.time", Map.of("enabled", "false"))
                .configure("tidewatch.clockskew", Map.of("enabled", "false"));
        for (String collector : collectors) {
            agent.await(collector + " to be off", () -> agent.component("collector." + collector)
                    .path("message")
                    .asText()
                    .contains("off"));
        }
    }
}
