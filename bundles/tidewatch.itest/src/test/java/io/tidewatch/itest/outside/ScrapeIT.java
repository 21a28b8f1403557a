package io.tidewatch.itest.outside;

import static org.assertj.core.api.Assertions.assertThat;

import io.tidewatch.testing.server.VictoriaMetrics;
import java.net.HttpURLConnection;
import java.net.URI;
import java.nio.file.Path;
import java.util.HashSet;
import java.util.Map;
import java.util.Set;
import java.util.SortedMap;
import java.util.TreeMap;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** The metrics page of the shipped agent, read by the tools that it is there for. */
class ScrapeIT {
    private static final String DEVICE = "scraped";

    private Path folder;
    private AgentProcess agent;

    @BeforeEach
    void start() throws Exception {
        folder = AgentProcess.workFolder("scrape");
        agent = new AgentProcess(AgentProcess.distribution(), folder)
                .configure("tidewatch.device", Map.of("id", DEVICE, "labels", "site=studio"))
                .configure("tidewatch.collector.cpu", Map.of("interval", "500ms"))
                .configure("tidewatch.collector.memory", Map.of("interval", "500ms"))
                .start();
        agent.await("the second pass of cpu", () -> page().contains("cpu_usage_percent{"));
        for (String collector : AgentProcess.shippedCollectors()) {
            agent.await("a pass of " + collector, () -> agent.component("collector." + collector)
                    .path("details")
                    .has("last_success"));
        }
    }

    @AfterEach
    void end() throws Exception {
        agent.close();
    }

    @Test
    void prometheusHasNothingToComplainOf() throws Exception {
        String page = page();

        assertThat(PromTool.complaints(page)).isEmpty();
        assertThat(PromTool.complaints(page.replace("# HELP memory_total_bytes", "# GONE")))
                .as("the check itself")
                .contains("memory_total_bytes no help text");
        HttpURLConnection connection = (HttpURLConnection) URI.create("http://127.0.0.1:" + agent.port() + "/metrics")
                .toURL()
                .openConnection();
        assertThat(connection.getContentType()).isEqualToIgnoringCase("text/plain; version=0.0.4; charset=utf-8");
        connection.disconnect();
    }

    @Test
    void showsEverySeriesThatIsStored() throws Exception {
        Database database = new Database(agent.database());
        agent.await("every stored series to be shown", () -> {
            Set<SortedMap<String, String>> stored = new HashSet<>();
            for (SortedMap<String, String> labels : database.numericSamples().keySet()) {
                SortedMap<String, String> shown = new TreeMap<>(labels);
                shown.compute("__name__", (key, name) -> inSeconds(name));
                stored.add(shown);
            }
            Set<SortedMap<String, String>> shown = ScrapedPage.read(page()).keySet();
            return shown.size() > 20 && shown.equals(stored);
        });
    }

    @Test
    void whatVmagentScrapesArrivesInVictoriaMetrics() throws Exception {
        try (VictoriaMetrics server = VictoriaMetrics.start();
                VmAgent scraper = new VmAgent(folder, agent.port(), server.url())) {
            Set<SortedMap<String, String>> expected = new HashSet<>();
            for (SortedMap<String, String> shown : ScrapedPage.read(page()).keySet()) {
                SortedMap<String, String> scraped = new TreeMap<>(shown);
                scraped.put("job", "tidewatch");
                scraped.put("instance", "127.0.0.1:" + agent.port());
                expected.add(scraped);
            }
            Map<SortedMap<String, String>, SortedMap<Long, Double>> arrived =
                    new TreeMap<>((one, other) -> one.toString().compareTo(other.toString()));
            agent.await("the samples", () -> {
                server.flush();
                arrived.putAll(server.export("{job=\"tidewatch\",device_id=\"" + DEVICE + "\"}"));
                return arrived.keySet().containsAll(expected);
            });
            Map<SortedMap<String, String>, SortedMap<Long, Double>> up = server.export("up{job=\"tidewatch\"}");
            assertThat(up).hasSize(1);
            assertThat(up.values().iterator().next().values()).containsOnly(1.0);
            assertThat(scraper.log()).doesNotContain("error");
        }
    }

    private String page() throws Exception {
        AgentProcess.Answer answer = agent.get("/metrics");
        assertThat(answer.status()).isEqualTo(200);
        return answer.body();
    }

    private static String inSeconds(String name) {
        return name.replaceFirst("_ms(_total)?$", "_seconds$1");
    }
}
