package io.tidewatch.itest.outside;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.sun.net.httpserver.HttpServer;
import io.tidewatch.testing.server.ThrottledLink;
import io.tidewatch.testing.server.VictoriaMetrics;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Locale;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;

/**
 * Measures the shipped agent on the wire, beside vmagent with the same series in the same minutes, and the rate at which it
 * drains a backlog ({@code ./bench uplink}). A link that both go through counts bytes, those of headers and answers too.
 */
final class UplinkBenchmark {
    private static final String DEVICE = "uplink";
    private static final double KB_PER_MB = 1024;
    private static final long UNLIMITED = 1_000_000_000;
    private static final Duration LIVE = Duration.ofMinutes(2);

    private UplinkBenchmark() {}

    public static void main(String[] arguments) throws Exception {
        if (arguments.length > 0 && arguments[0].equals("bad")) {
            BadSamplesBenchmark.run();
            return;
        }
        print(
                "| | samples | bytes on the wire per sample | samples per s | resident MB | anonymous MB | most resident MB |%n"
                        + "|---|---|---|---|---|---|---|%n");
        if (arguments.length == 0 || arguments[0].equals("live")) {
            live();
        }
        if (arguments.length == 0 || arguments[0].equals("drain")) {
            drain();
        }
    }

    private static void live() throws Exception {
        Path folder = AgentProcess.workFolder("uplink-live");
        try (VictoriaMetrics server = VictoriaMetrics.start();
                ThrottledLink ours = new ThrottledLink(server.url(), UNLIMITED);
                ThrottledLink theirs = new ThrottledLink(server.url(), UNLIMITED);
                AgentProcess agent = agentOf(folder, ours)) {
            agent.start();
            agent.await("uploads", () -> uploaded(agent) > 100);
            HttpServer page = pageOf(server);
            Process vmagent = vmagent(folder, page.getAddress().getPort(), theirs);
            try {
                agent.await("vmagent's samples", () -> count(server, "{job=\"bench\"}") > 100);
                long samples = uploaded(agent);
                long bytes = ours.bytes();
                long scraped = count(server, "{job=\"bench\"}");
                long scrapedBytes = theirs.bytes();
                LockSupport.parkNanos(LIVE.toNanos());
                server.flush();
                report("tidewatch live", uploaded(agent) - samples, ours.bytes() - bytes, "| | | |");
                report(
                        "vmagent live",
                        count(server, "{job=\"bench\"}") - scraped,
                        theirs.bytes() - scrapedBytes,
                        "| | | |");
            } finally {
                vmagent.destroy();
                vmagent.waitFor(10, TimeUnit.SECONDS);
                page.stop(0);
            }
        }
    }

    private static void drain() throws Exception {
        Path folder = AgentProcess.workFolder("uplink-drain");
        try (VictoriaMetrics server = VictoriaMetrics.start();
                ThrottledLink link = new ThrottledLink(server.url(), UNLIMITED);
                AgentProcess agent = new AgentProcess(AgentProcess.distribution(), folder)) {
            agent.configure("tidewatch.device", Map.of("id", DEVICE));
            Outage.befall(agent, DEVICE);
            agent.javaOption(System.getProperty("tidewatch.options", ""));
            deliverBy(agent, link).archived();
            long bytes = link.bytes();
            agent.start();
            agent.await("the backlog to drain", () -> uploaded(agent) > 0);
            long start = System.nanoTime();
            long before = uploaded(agent);
            agent.await("the backlog to drain", () -> uploaded(agent) > Outage.SAMPLES * 9L / 10);
            double seconds = (System.nanoTime() - start) / 1e9;
            long samples = uploaded(agent) - before;
            ProcessUsage usage = ProcessUsage.of(agent.process().pid());
            String figures = String.format(
                    Locale.ROOT,
                    "%,.0f | %.1f | %.1f | %.1f |",
                    samples / seconds,
                    usage.residentKb() / KB_PER_MB,
                    usage.anonymousKb() / KB_PER_MB,
                    ProcessUsage.mostResidentKb(agent.process().pid()) / KB_PER_MB);
            report("tidewatch backlog", uploaded(agent), link.bytes() - bytes, figures);
        }
    }

    private static AgentProcess agentOf(Path folder, ThrottledLink link) throws IOException {
        return deliverBy(
                new AgentProcess(AgentProcess.distribution(), folder)
                        .configure("tidewatch.device", Map.of("id", DEVICE)),
                link);
    }

    private static AgentProcess deliverBy(AgentProcess agent, ThrottledLink link) throws IOException {
        return agent.configure(
                "tidewatch.uploader.victoriametrics",
                Map.of("url", link.url("/api/v1/import").toString()));
    }

    /** What an exporter would serve: the newest value of each of the agent's series. */
    private static HttpServer pageOf(VictoriaMetrics server) throws IOException {
        HttpServer page = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
        page.createContext("/metrics", exchange -> {
            StringBuilder text = new StringBuilder();
            for (JsonNode series : query(server, "{device_id=\"" + DEVICE + "\"}")) {
                StringBuilder labels = new StringBuilder();
                series.path("metric").properties().forEach(label -> {
                    if (!label.getKey().equals("__name__")) {
                        labels.append(labels.isEmpty() ? "" : ",")
                                .append(label.getKey())
                                .append("=\"")
                                .append(label.getValue().asText())
                                .append('"');
                    }
                });
                text.append(series.path("metric").path("__name__").asText())
                        .append('{')
                        .append(labels)
                        .append("} ")
                        .append(series.path("value").path(1).asText())
                        .append('\n');
            }
            byte[] bytes = text.toString().getBytes(StandardCharsets.UTF_8);
            exchange.sendResponseHeaders(200, bytes.length);
            exchange.getResponseBody().write(bytes);
            exchange.close();
        });
        page.start();
        return page;
    }

    private static Process vmagent(Path folder, int port, ThrottledLink link) throws IOException {
        Path configuration = folder.resolve("scrape.yml");
        Files.writeString(
                configuration,
                "global:\n  scrape_interval: 10s\nscrape_configs:\n- job_name: bench\n  static_configs:\n"
                        + "  - targets: [\"127.0.0.1:" + port + "\"]\n");
        return new ProcessBuilder(
                        "vmagent",
                        "-promscrape.config=" + configuration,
                        "-remoteWrite.url=" + link.url("/api/v1/write"),
                        "-remoteWrite.tmpDataPath=" + folder.resolve("vmagent"),
                        "-httpListenAddr=127.0.0.1:0")
                .redirectErrorStream(true)
                .redirectOutput(folder.resolve("vmagent.log").toFile())
                .start();
    }

    private static long count(VictoriaMetrics server, String selector) throws IOException {
        return query(server, "sum(count_over_time(" + selector + "[1h]))")
                .path(0)
                .path("value")
                .path(1)
                .asLong();
    }

    private static JsonNode query(VictoriaMetrics server, String promql) throws IOException {
        String path = "/api/v1/query?latency_offset=1ms&query=" + URLEncoder.encode(promql, StandardCharsets.UTF_8);
        return new ObjectMapper().readTree(server.get(path)).path("data").path("result");
    }

    private static long uploaded(AgentProcess agent) throws IOException {
        return agent.component("uploader")
                .path("details")
                .path("uploaded_total")
                .asLong();
    }

    private static void report(String what, long samples, long bytes, String others) {
        print("| %s | %,d | %.2f | %s%n", what, samples, bytes / (double) samples, others);
    }

    private static void print(String format, Object... values) {
        System.out.print(String.format(Locale.ROOT, format, values));
    }
}
