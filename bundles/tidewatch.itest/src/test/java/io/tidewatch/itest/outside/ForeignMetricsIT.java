package io.tidewatch.itest.outside;

import static org.assertj.core.api.Assertions.assertThat;

import com.sun.net.httpserver.HttpServer;
import io.tidewatch.testing.server.VictoriaMetrics;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Collection;
import java.util.Map;
import java.util.NavigableSet;
import java.util.Set;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicReference;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Order;
import org.junit.jupiter.api.Test;

/** Metrics of another program in the shipped agent: every scrape arrives, whatever happens to server and agent. */
@Order(3)
class ForeignMetricsIT {
    private static final String DEVICE = "foreign";
    private static final String PID = "tidewatch.collector.scrape-page";

    /** Scrapes that a kill may cost: the one that is being stored. */
    private static final int IN_FLIGHT = 2;

    private final AtomicInteger scrapes = new AtomicInteger();
    private final AtomicReference<String> extra = new AtomicReference<>("");
    private HttpServer page;
    private VictoriaMetrics server;
    private AgentProcess agent;
    private Path folder;

    @BeforeEach
    void start() throws Exception {
        page = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 10);
        page.createContext("/metrics", exchange -> {
            byte[] text = text(scrapes.incrementAndGet()).getBytes(StandardCharsets.UTF_8);
            exchange.getResponseHeaders().set("Content-Type", "text/plain; version=0.0.4");
            exchange.sendResponseHeaders(200, text.length);
            exchange.getResponseBody().write(text);
            exchange.close();
        });
        page.start();
        server = VictoriaMetrics.start();
        folder = AgentProcess.workFolder("foreign");
        agent = new AgentProcess(AgentProcess.distribution(), folder)
                .configure("tidewatch.device", Map.of("id", DEVICE))
                .configure(
                        "tidewatch.uploader.victoriametrics",
                        Map.of("url", server.importUrl().toString(), "upload.interval", "1s"))
                .configure(
                        PID,
                        Map.of(
                                "url",
                                "http://127.0.0.1:" + page.getAddress().getPort() + "/metrics",
                                "interval",
                                "300ms",
                                "timestamps",
                                "true"))
                .start();
    }

    @AfterEach
    void end() throws Exception {
        agent.close();
        server.close();
        page.stop(0);
    }

    private String text(int scrape) {
        return """
                # HELP Node_scrapes:count Scrapes, counted by the page
                # TYPE Node_scrapes:count counter
                Node_scrapes:count{mode="idle",Mixed_Case="ä"} %d
                # TYPE cpu_usage_percent gauge
                cpu_usage_percent 1
                quantile{quantile="0.5"} NaN
                """
                        .formatted(scrape)
                + extra.get();
    }

    @Test
    void everyScrapeArrivesUnderItsOwnNameThroughOutageAndKill() throws Exception {
        awaitScrapes(5);
        agent.await("samples at the server", () -> !arrived().isEmpty());
        server.kill();
        awaitScrapes(5);
        agent.kill();
        int killed = scrapes.get();
        agent.start();
        awaitScrapes(5);
        server.restart();
        awaitScrapes(5);
        agent.await("what waited to arrive", () -> {
            server.flush();
            return arrived().size() >= 20 - IN_FLIGHT && arrived().last() > killed + 5;
        });
        agent.configure(PID, Map.of("enabled", "false", "url", "http://127.0.0.1:1/"));
        Database database = new Database(agent.database());
        agent.await("the rest to arrive", () -> {
            server.flush();
            return series(database.numericSamples()).equals(series(exported()));
        });
        Set<Integer> lost = new TreeSet<>();
        for (int scrape = 1; scrape <= arrived().last(); scrape++) {
            if (!arrived().contains(scrape)) {
                lost.add(scrape);
            }
        }
        // A scrape that was answered when the agent was killed was not stored yet, nor was one that a change of it
        // ended.
        assertThat(lost).as("lost of " + scrapes.get()).hasSizeLessThanOrEqualTo(IN_FLIGHT);
        assertThat(series(exported()).keySet())
                .contains(new TreeMap<>(Map.of(
                        "__name__", "Node_scrapes:count",
                        "device_id", DEVICE,
                        "instance", "page",
                        "mode", "idle",
                        "Mixed_Case", "ä")));
    }

    @Test
    void theyAreShownAsAnyOther() throws Exception {
        agent.await("its health", () -> agent.component("collector.scrape-page")
                .path("message")
                .asText()
                .contains("cpu_usage_percent (collector cpu)"));
        assertThat(agent.component("collector.scrape-page").path("status").asText())
                .isEqualTo("ok");
        agent.await("the metrics page", () -> agent.get("/metrics").body().contains("scrape_up{"));
        String own = agent.get("/metrics").body();
        assertThat(own)
                .contains("# TYPE Node_scrapes:count counter\n")
                .containsPattern(
                        "Node_scrapes:count\\{device_id=\"foreign\",Mixed_Case=\"ä\",instance=\"page\",mode=\"idle\"\\} \\d+");
        assertThat(agent.runAnother("tail", "--metric", "Node_scrapes:count").output())
                .contains("Node_scrapes:count");
        Path output = folder.resolve("export.gz");
        agent.runAnother("export", "--output", output.toString());
        assertThat(Files.size(output)).isPositive();

        extra.set("broken{\npage_series{i=\"1\"} 1\n");
        agent.await("the malformed line to be named", () -> agent.component("collector.scrape-page")
                .path("message")
                .asText()
                .contains("page:7:8: expected '}' after the labels"));
        agent.await("the line behind it", () -> agent.get("/metrics").body().contains("page_series{"));
        page.stop(0);
        agent.await(
                "the page's end",
                () -> agent.get("/metrics").body().contains("scrape_up{device_id=\"foreign\",instance=\"page\"} 0"));
        assertThat(agent.component("collector.scrape-page").path("message").asText())
                .contains("cannot be scraped", "check that the program runs and listens there");
    }

    @Test
    void aTimestampOfThePageIsKept() throws Exception {
        long measured = System.currentTimeMillis() - 7_200_000;
        extra.set("backup_size_bytes 12 " + measured + "\n");
        agent.await("the sample", () -> {
            server.flush();
            return exported().entrySet().stream()
                    .anyMatch(
                            series -> "backup_size_bytes".equals(series.getKey().get("__name__"))
                                    && series.getValue().equals(Map.of(measured, 12.0)));
        });
        assertThat(agent.component("storage").path("details").path("clamped").asLong())
                .isZero();
    }

    @Test
    void aHugePageIsBoundedAndLeavesTheOthersAlone() throws Exception {
        agent.await("samples", () -> !arrived().isEmpty());
        StringBuilder huge = new StringBuilder();
        for (int i = 0; i < 100_000; i++) {
            huge.append("huge_series{number=\"")
                    .append(i)
                    .append("\"} ")
                    .append(i)
                    .append('\n');
        }
        extra.set(huge.toString());
        agent.await("the limit to be named", () -> agent.component("collector.scrape-page")
                .path("message")
                .asText()
                .contains("beyond max.series = 2000, such as huge_series; raise max.series or exclude names"));
        String before = lastSuccess("memory");
        agent.await("the other collectors", () -> !lastSuccess("memory").equals(before));
        assertThat(agent.get("/metrics").body())
                .contains("scrape_dropped_total{device_id=\"foreign\",instance=\"page\",reason=\"max_series\"}");
        extra.set("");
        agent.await("the collector to be well", () -> agent.component("collector.scrape-page")
                .path("status")
                .asText()
                .equals("ok"));
        awaitScrapes(2);
        assertThat(agent.component("storage").path("status").asText()).isEqualTo("ok");
    }

    private String lastSuccess(String collector) {
        return agent.component("collector." + collector)
                .path("details")
                .path("last_success")
                .asText();
    }

    private void awaitScrapes(int more) {
        int before = scrapes.get();
        agent.await("scrapes", () -> scrapes.get() > before + more);
    }

    private NavigableSet<Integer> arrived() throws Exception {
        NavigableSet<Integer> values = new TreeSet<>();
        series(exported()).values().stream()
                .map(Map::values)
                .flatMap(Collection::stream)
                .forEach(value -> values.add(value.intValue()));
        return values;
    }

    private Map<SortedMap<String, String>, SortedMap<Long, Double>> exported() throws Exception {
        return server.export("{device_id=\"" + DEVICE + "\"}");
    }

    private static Map<SortedMap<String, String>, SortedMap<Long, Double>> series(
            Map<SortedMap<String, String>, SortedMap<Long, Double>> all) {
        Map<SortedMap<String, String>, SortedMap<Long, Double>> own =
                new TreeMap<>((a, b) -> a.toString().compareTo(b.toString()));
        all.forEach((labels, samples) -> {
            if ("Node_scrapes:count".equals(labels.get("__name__"))) {
                own.put(labels, samples);
            }
        });
        return own;
    }
}
