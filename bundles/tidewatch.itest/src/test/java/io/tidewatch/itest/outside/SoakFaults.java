package io.tidewatch.itest.outside;

import io.tidewatch.itest.outside.SoakSchedule.Event;
import io.tidewatch.testing.config.SecretFile;
import io.tidewatch.testing.server.VictoriaMetrics;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/** Lets events befall an agent and what it delivers to. Not safe for use by several threads. */
final class SoakFaults {
    private static final List<String> INTERVALS = List.of("5s", "10s", "30s");
    private static final List<String> CHUNKS = List.of("20", "50", "200");
    private static final List<String> DELAYS = List.of("0s", "100ms", "250ms", "500ms");

    private final AgentProcess agent;
    private final VictoriaMetrics server;
    private final UnsteadyLink link;
    private final TokenGate gate;
    private final Path token;
    private final Path journal;
    private final Path otherBundle;
    private final Map<String, String> uploader;
    private final List<Long> lastBeforeKill = new ArrayList<>();
    private int versions;

    /**
     * @param uploader the configuration of the uploader
     * @param journal of the load
     * @param otherBundle the jar of a collector that is not part of the load
     */
    SoakFaults(
            AgentProcess agent,
            VictoriaMetrics server,
            UnsteadyLink link,
            TokenGate gate,
            Map<String, String> uploader,
            Path journal,
            Path otherBundle)
            throws IOException {
        this.agent = agent;
        this.server = server;
        this.link = link;
        this.gate = gate;
        this.uploader = new TreeMap<>(uploader);
        this.token = agent.folder("token");
        this.journal = journal;
        this.otherBundle = otherBundle;
        this.uploader.put("token.file", token.toString());
        SecretFile.write(token, "first");
        gate.allow("first");
        configureUploader();
        updateBundle();
    }

    /** The last pass before each kill of the agent, which may be lost: it was perhaps not committed yet. */
    List<Long> lastBeforeKill() {
        return lastBeforeKill;
    }

    /** Lets it happen, and returns when it is over. */
    void befall(Event event) throws Exception {
        switch (event.kind()) {
            case SERVER_KILL -> {
                long failures = failures();
                server.kill();
                pause(event);
                // A restart that no upload notices is found up to 15 minutes later: behind the end of a soak.
                agent.await("an upload to fail", () -> failures() > failures);
                server.restart();
            }
            case LINK_REFUSED -> cut(UnsteadyLink.State.REFUSED, event);
            case LINK_BLACK_HOLE -> cut(UnsteadyLink.State.BLACK_HOLE, event);
            case LINK_RESET -> cut(UnsteadyLink.State.RESET, event);
            case LINK_SLOW -> cut(UnsteadyLink.State.SLOW, event);
            case COLLECTOR_INTERVAL ->
                agent.configure("tidewatch.collector.memory", Map.of("interval", one(INTERVALS, event)));
            case CHUNK_SIZE -> {
                uploader.put("chunk.size", one(CHUNKS, event));
                configureUploader();
            }
            case COMMIT_DELAY -> agent.configure("tidewatch.store.sqlite", Map.of("commit.delay", one(DELAYS, event)));
            case BUNDLE_UPDATE -> updateBundle();
            case TOKEN_CHANGE -> {
                String next = "token-" + event.choice();
                gate.allow(next);
                pause(event);
                SecretFile.write(token, next);
            }
            case AGENT_KILL -> {
                agent.kill();
                lastBeforeKill.add(SoakCollector.passes(journal) - 1);
                agent.start();
                agent.await(
                        "the agent to serve health again",
                        () -> agent.get("/health/live").status() == 200);
            }
        }
    }

    private void cut(UnsteadyLink.State state, Event event) throws Exception {
        link.become(state);
        pause(event);
        link.become(UnsteadyLink.State.CLEAR);
    }

    private long failures() throws Exception {
        return agent.component("uploader")
                .path("details")
                .path("failures_total")
                .asLong();
    }

    private void configureUploader() throws IOException {
        agent.configure("tidewatch.uploader.victoriametrics", uploader);
    }

    private void updateBundle() throws IOException {
        SoakBundle.deployVersion(agent, otherBundle, "1." + versions++ + ".0");
    }

    private static String one(List<String> values, Event event) {
        return values.get(event.choice() % values.size());
    }

    private static void pause(Event event) throws InterruptedException {
        Thread.sleep(event.lasts().toMillis());
    }
}
