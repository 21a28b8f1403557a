package io.tidewatch.itest.outside;

import com.fasterxml.jackson.databind.JsonNode;
import java.io.IOException;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/** Counts the passes of collectors, failed ones too, by what health says of them. */
final class CollectorPasses {
    private final AgentProcess agent;
    private final List<String> collectors;

    /** @param collectors their names, such as {@code cpu} */
    CollectorPasses(AgentProcess agent, Collection<String> collectors) {
        this.agent = agent;
        this.collectors = List.copyOf(collectors);
    }

    /** Waits until at least so many passes of every collector have ended from now on. */
    void await(int wanted) {
        Map<String, String> newest = new TreeMap<>();
        Map<String, Integer> passes = new TreeMap<>();
        try {
            agent.await(wanted + " passes of each collector", () -> {
                count(newest, passes);
                return passes.size() == collectors.size()
                        && passes.values().stream().allMatch(count -> count >= wanted);
            });
        } catch (AssertionError e) {
            throw new AssertionError("Of " + wanted + " passes there were " + passes, e);
        }
    }

    private void count(Map<String, String> newest, Map<String, Integer> passes) throws IOException {
        JsonNode components = agent.get("/health").json().path("components");
        for (String collector : collectors) {
            JsonNode details = components.path("collector." + collector).path("details");
            // One of them changes with every pass.
            String ended = details.path("last_success").asText() + " "
                    + details.path("consecutive_failures").asLong();
            String before = newest.put(collector, ended);
            if (before == null) {
                passes.put(collector, 0);
            } else if (!before.equals(ended)) {
                passes.merge(collector, 1, Integer::sum);
            }
        }
    }
}
