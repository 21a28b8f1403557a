package io.tidewatch.itest.outside;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.tidewatch.testing.server.VictoriaMetrics;
import java.io.IOException;
import java.net.InetAddress;
import java.net.Socket;
import java.net.SocketException;
import java.net.URI;
import java.net.URLEncoder;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.NavigableMap;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Order;
import org.junit.jupiter.api.Test;

/** The API of the page in the shipped agent: what a data source asks for, beside a real server, and hostile use. */
@Order(3)
class PageApiIT {
    private static final String DEVICE = "paged";
    /** One query here; the server of Debian knows no several lists of conditions. */
    private static final List<String> SELECTORS = List.of(
            "__name__=\"load_1m\"",
            "__name__=\"memory_used_bytes\"",
            "__name__=\"network_rx_bytes_total\",interface=\"lo\"",
            "__name__=\"cpu_usage_percent\",core=~\"all|0\"");

    private final HttpClient client =
            HttpClient.newBuilder().version(HttpClient.Version.HTTP_1_1).build();
    private final ObjectMapper json = new ObjectMapper();
    private VictoriaMetrics server;
    private AgentProcess agent;

    @BeforeEach
    void start() throws Exception {
        server = VictoriaMetrics.start();
        agent = new AgentProcess(AgentProcess.distribution(), AgentProcess.workFolder("page-api"))
                .configure("tidewatch.device", Map.of("id", DEVICE))
                .configure(
                        "tidewatch.uploader.victoriametrics",
                        Map.of("url", server.importUrl().toString(), "upload.interval", "1s"));
        for (String collector : List.of("load", "memory", "cpu")) {
            agent.configure("tidewatch.collector." + collector, Map.of("interval", "1s"));
        }
        agent.configure("tidewatch.collector.network", Map.of("interval", "1s", "include", "lo"))
                .start();
        agent.await("samples", () -> !ours(newest() - 2, newest(), "1").isEmpty());
    }

    @AfterEach
    void end() throws Exception {
        agent.close();
        server.close();
    }

    private String own() {
        return "http://127.0.0.1:" + agent.port();
    }

    /** Seconds of the newest sample of the slowest of the compared collectors. */
    private long newest() throws Exception {
        JsonNode samples = get(own() + "/api/v1/now").path("data").path("samples");
        double newest = Double.MAX_VALUE;
        for (JsonNode sample : samples) {
            String name = sample.path("metric").path("__name__").asText();
            if (Set.of("load_1m", "memory_used_bytes", "cpu_usage_percent").contains(name)) {
                newest = Math.min(newest, sample.path("time").asDouble());
            }
        }
        return (long) newest;
    }

    private JsonNode get(String url) throws Exception {
        return json.readTree(client.send(HttpRequest.newBuilder(URI.create(url)).build(), BodyHandlers.ofString())
                .body());
    }

    private Map<String, NavigableMap<Double, Double>> ours(long start, long end, String step) throws Exception {
        return range(own(), String.join(" or ", SELECTORS), start, end, step);
    }

    private Map<String, NavigableMap<Double, Double>> theirs(long start, long end, String step) throws Exception {
        Map<String, NavigableMap<Double, Double>> all = new TreeMap<>();
        for (String selector : SELECTORS) {
            all.putAll(range(server.url().toString(), selector, start, end, step + "&nocache=1"));
        }
        return all;
    }

    /** The values by labels and time. */
    private Map<String, NavigableMap<Double, Double>> range(
            String base, String conditions, long start, long end, String step) throws Exception {
        JsonNode answer = get(base + "/api/v1/query_range?query="
                + URLEncoder.encode("{" + conditions + "}", StandardCharsets.UTF_8)
                + "&start=" + start + "&end=" + end + "&step=" + step);
        assertThat(answer.path("status").asText()).as(answer.toString()).isEqualTo("success");
        assertThat(answer.path("data").path("resultType").asText()).isEqualTo("matrix");
        Map<String, NavigableMap<Double, Double>> byLabels = new TreeMap<>();
        for (JsonNode series : answer.path("data").path("result")) {
            NavigableMap<Double, Double> values = new TreeMap<>();
            series.path("values")
                    .forEach(value -> values.put(
                            value.get(0).asDouble(),
                            Double.parseDouble(value.get(1).asText())));
            Map<String, String> labels = new TreeMap<>();
            series.path("metric")
                    .properties()
                    .forEach(
                            label -> labels.put(label.getKey(), label.getValue().asText()));
            byLabels.put(labels.toString(), values);
        }
        return byLabels;
    }

    @Test
    void agreesWithAServerThatHasTheSameSamples() throws Exception {
        long start = newest() + 3;
        agent.await("half a minute of samples", () -> newest() >= start + 32);
        // A later one of each: what is not there yet would be stood in for by the sample before.
        agent.await("later ones at the server", () -> {
            server.flush();
            for (String selector : SELECTORS) {
                var found = server.export("{" + selector + "}");
                if (found.isEmpty()
                        || found.values().stream().anyMatch(samples -> samples.lastKey() < (start + 31) * 1000)) {
                    return false;
                }
            }
            return true;
        });
        for (String step : List.of("1", "2", "5", "7.5", "30", "10s")) {
            Map<String, NavigableMap<Double, Double>> theirs = theirs(start, start + 30, step);
            Map<String, NavigableMap<Double, Double>> ours = ours(start, start + 30, step);
            assertThat(ours).as("step " + step).isEqualTo(theirs);
            assertThat(ours).hasSize(5);
        }
    }

    /** The requests of Grafana's Prometheus data source: saving it, its query editor, a panel. */
    @Test
    void answersWhatADataSourceAsks() throws Exception {
        assertThat(get(own() + "/api/v1/status/buildinfo")
                        .path("data")
                        .path("application")
                        .asText())
                .isEqualTo("tidewatch");
        JsonNode sum = post("/api/v1/query", "query=1%2B1&time=1764468913.5");
        assertThat(sum.path("data").path("resultType").asText()).isEqualTo("scalar");
        assertThat(sum.path("data").path("result").get(1).asText()).isEqualTo("2");

        assertThat(texts(get(own() + "/api/v1/labels").path("data"))).contains("__name__", "device_id", "interface");
        assertThat(texts(post("/api/v1/labels", "match%5B%5D=load_1m&start=0&end=1")
                        .path("data")))
                .containsExactly("__name__", "device_id");
        assertThat(texts(get(own() + "/api/v1/label/__name__/values").path("data")))
                .contains("load_1m", "network_rx_bytes_total");
        assertThat(texts(get(own()
                                + "/api/v1/label/interface/values?match[]=network_rx_bytes_total"
                                        .replace("[", "%5B")
                                        .replace("]", "%5D"))
                        .path("data")))
                .contains("lo");
        JsonNode series = post("/api/v1/series", "match%5B%5D=load_1m&match%5B%5D=memory_used_bytes")
                .path("data");
        assertThat(series).hasSize(2);
        assertThat(series.get(0).path("device_id").asText()).isEqualTo(DEVICE);
        JsonNode metadata = get(own() + "/api/v1/metadata")
                .path("data")
                .path("network_rx_bytes_total")
                .get(0);
        assertThat(metadata.path("type").asText()).isEqualTo("counter");
        assertThat(metadata.path("help").asText()).isNotEmpty();
        for (JsonNode sample : get(own() + "/api/v1/now").path("data").path("samples")) {
            assertThat(sample.path("help").asText()).isNotEmpty();
        }
        assertThat(get(own() + "/api/v1/now?help=false").path("data").path("samples"))
                .isNotEmpty()
                .allSatisfy(sample -> assertThat(sample.has("help")).isFalse());

        JsonNode vector = post("/api/v1/query", "query=load_1m").path("data");
        assertThat(vector.path("resultType").asText()).isEqualTo("vector");
        assertThat(vector.path("result").get(0).path("value")).hasSize(2);
        JsonNode panel = post(
                "/api/v1/query_range",
                "query=%7B__name__%3D~%22load_.*%22%7D&start=" + (newest() - 60) + "&end=" + newest() + "&step=15");
        assertThat(panel.path("data").path("result").size()).isGreaterThanOrEqualTo(3);
    }

    private JsonNode post(String path, String form) throws Exception {
        return json.readTree(client.send(
                        HttpRequest.newBuilder(URI.create(own() + path))
                                .header("Content-Type", "application/x-www-form-urlencoded")
                                .POST(HttpRequest.BodyPublishers.ofString(form))
                                .build(),
                        BodyHandlers.ofString())
                .body());
    }

    private static Set<String> texts(JsonNode array) {
        Set<String> texts = new TreeSet<>();
        array.forEach(text -> texts.add(text.asText()));
        return texts;
    }

    @Test
    void hostileRequestsGetShortErrorsAndNothingElseSuffers() throws Exception {
        int before = agent.output().length();
        long now = newest();
        String query = "/api/v1/query_range?query=load_1m&start=" + (now - 60) + "&end=" + now + "&step=1";
        assertThat(status("/api/v1/query_range?query=load_1m&start=0&end=" + now + "&step=1"))
                .isEqualTo(400);
        assertThat(status(
                        "/api/v1/query_range?query=load_1m&start=" + (now - 315_360_000L) + "&end=" + now + "&step=1d"))
                .as("ten years")
                .isEqualTo(200);
        assertThat(status("/api/v1/query_range?query=rate(load_1m)&start=1&end=2&step=1".replace("(", "%28")))
                .isEqualTo(400);
        assertThat(status("/api/v1/query_range")).isEqualTo(400);
        assertThat(status("/api/v1/nope")).isEqualTo(404);
        assertThat(status("/page/../../etc/passwd")).isBetween(400, 404);
        assertThat(status("/page/%2e%2e/%2e%2e/PageServlet.class")).isBetween(400, 404);
        assertThat(status("/page/nope.js")).isEqualTo(404);
        assertThat(status("/api/v1/query?query=" + "a".repeat(1 << 20))).isBetween(400, 499);
        assertThat(form("x".repeat(100_000))).isEqualTo(413);
        assertThat(form("query=%ZZ")).isEqualTo(400);
        assertThat(form("query=%7B__name__%3D~%22(a%7B1000%7D)%7B1000%7D%22%7D"))
                .as("an expression that would fill the heap")
                .isEqualTo(400);
        assertThat(asked("evil.example", query)).isEqualTo(403);
        assertThat(asked("evil.example", "/page/")).isEqualTo(403);
        assertThat(asked("localhost", query)).isEqualTo(200);

        List<CompletableFuture<HttpResponse<String>>> many = new ArrayList<>();
        for (int i = 0; i < 1_000; i++) {
            many.add(client.sendAsync(
                    HttpRequest.newBuilder(URI.create(own() + query))
                            .timeout(Duration.ofSeconds(20))
                            .build(),
                    BodyHandlers.ofString()));
            if (i == 500) {
                agent.await("health", () -> agent.get("/health/live").status() == 200);
            }
        }
        Map<Integer, Integer> answers = new TreeMap<>();
        many.forEach(answer -> answers.merge(statusOf(answer), 1, Integer::sum));
        assertThat(answers).containsKey(200);
        assertThat(answers.keySet()).isSubsetOf(Set.of(0, 200, 429, 503));

        assertAllIsWell(query);
        assertThat(agent.output().substring(before)).doesNotContain("Exception", "\tat ");
    }

    private static int statusOf(CompletableFuture<HttpResponse<String>> answer) {
        try {
            return answer.join().statusCode();
        } catch (CompletionException e) {
            // The connection was not accepted within 20 s, or closed.
            return 0;
        }
    }

    /** As many readers that read nothing, and senders that send nothing, as connections are accepted. */
    @Test
    void slowReadersAndSendersHoldNoThread() throws Exception {
        String largest = "GET /api/v1/query_range?query=cpu_usage_percent&agg=last&lookback_delta=400d&start="
                + (newest() - 100) + "&end=" + (newest() + 10_800) + "&step=1 HTTP/1.1\r\nHost: localhost\r\n\r\n";
        List<Socket> slow = new ArrayList<>();
        try {
            for (int i = 0; i < 30; i++) {
                slow.add(raw("GET /page/uplot.js HTTP/1.1\r\nHost: localhost\r\n\r\n".repeat(20)));
                slow.add(raw(largest.repeat(4)));
                slow.add(raw("POST /api/v1/query HTTP/1.1\r\nHost: localhost\r\nContent-Length: 1000\r\n\r\nquery="));
            }
            agent.await("health", () -> agent.get("/health/live").status() == 200);
            String written = written();
            agent.await("samples in the store", () -> !written().equals(written));
        } finally {
            for (Socket socket : slow) {
                socket.close();
            }
        }
        assertAllIsWell("/page/uplot.js");
        assertAllIsWell("/api/v1/labels");
    }

    /** The time of the newest pass, as health has it: queries of the page may have to wait. */
    private String written() {
        return agent.component("collector.memory")
                .path("details")
                .path("last_success")
                .asText();
    }

    private Socket raw(String request) throws IOException {
        Socket socket = new Socket(InetAddress.getLoopbackAddress(), agent.port());
        socket.setReceiveBufferSize(1024);
        try {
            socket.getOutputStream().write(request.getBytes(StandardCharsets.US_ASCII));
        } catch (SocketException e) {
            // Refused: also an answer.
            assertThat(socket.isConnected()).isTrue();
        }
        return socket;
    }

    private void assertAllIsWell(String path) throws Exception {
        agent.await("the page answers", () -> status(path) == 200);
        assertThat(agent.get("/health/live").status()).isEqualTo(200);
        long passes = passes();
        agent.await("samples", () -> passes() > passes + 2);
        assertThat(agent.component("storage").path("status").asText()).isEqualTo("ok");
        assertThat(agent.component("page").path("status").asText()).isEqualTo("ok");
    }

    private long passes() throws Exception {
        return newest();
    }

    private int status(String path) throws Exception {
        try (Socket socket = raw("GET " + path + " HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n\r\n")) {
            return statusLine(socket);
        }
    }

    private int asked(String host, String path) throws Exception {
        try (Socket socket = raw("GET " + path + " HTTP/1.1\r\nHost: " + host + "\r\nConnection: close\r\n\r\n")) {
            return statusLine(socket);
        }
    }

    private int form(String form) throws Exception {
        return client.send(
                        HttpRequest.newBuilder(URI.create(own() + "/api/v1/query"))
                                .POST(HttpRequest.BodyPublishers.ofString(form))
                                .build(),
                        BodyHandlers.discarding())
                .statusCode();
    }

    private static int statusLine(Socket socket) throws IOException {
        socket.setSoTimeout(30_000);
        String line = new String(socket.getInputStream().readNBytes(12), StandardCharsets.US_ASCII);
        return line.length() < 12 ? 0 : Integer.parseInt(line.substring(9));
    }
}
