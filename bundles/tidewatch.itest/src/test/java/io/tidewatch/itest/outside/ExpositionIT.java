package io.tidewatch.itest.outside;

import static org.assertj.core.api.Assertions.assertThat;

import io.tidewatch.exposition.ExpositionFormat;
import io.tidewatch.exposition.ExpositionLimits;
import io.tidewatch.exposition.ExpositionParser;
import io.tidewatch.exposition.MalformedException;
import io.tidewatch.exposition.PageHandler;
import io.tidewatch.exposition.SampleLine;
import io.tidewatch.testing.server.FreePort;
import io.tidewatch.testing.server.VictoriaMetrics;
import java.io.ByteArrayInputStream;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.concurrent.TimeUnit;
import org.assertj.core.data.Percentage;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** The parser of pages beside Prometheus' own and VictoriaMetrics': what they accept, it accepts, with the same meaning. */
class ExpositionIT {
    /** Percent by which the server may round: it keeps decimal numbers. */
    private static final double SERVER_ROUNDS = 1e-10;

    private final HttpClient client = HttpClient.newHttpClient();

    /** What our parser makes of a page: values by labels, {@code __name__} among them. */
    private static final class Read implements PageHandler {
        private final Map<SortedMap<String, String>, Double> values =
                new TreeMap<>((a, b) -> a.toString().compareTo(b.toString()));
        private final List<String> malformed = new ArrayList<>();

        static Read page(String page) throws Exception {
            Read read = new Read();
            new ExpositionParser(ExpositionLimits.DEFAULT)
                    .parse(
                            new ByteArrayInputStream(page.getBytes(StandardCharsets.UTF_8)),
                            ExpositionFormat.TEXT,
                            true,
                            read);
            return read;
        }

        @Override
        public void sample(SampleLine line) throws MalformedException {
            SortedMap<String, String> labels = new TreeMap<>(line.series().labels());
            labels.put("__name__", line.series().name());
            values.put(labels, line.value());
        }

        @Override
        public void malformed(int line, int column, String message, String text) {
            malformed.add(line + ":" + column + " " + message + ": " + text);
        }
    }

    @Test
    void pagesOfNodeExporterMeanTheSame() throws Exception {
        int port = FreePort.next();
        Process exporter = start("prometheus-node-exporter", "--web.listen-address=127.0.0.1:" + port);
        try {
            meansTheSame("http://127.0.0.1:" + port + "/metrics", 300);
        } finally {
            end(exporter);
        }
    }

    /** It has histograms and summaries. */
    @Test
    void pagesOfPrometheusMeanTheSame() throws Exception {
        Path folder = AgentProcess.workFolder("exposition");
        Path configuration = Files.writeString(folder.resolve("prometheus.yml"), "global: {}\n");
        int port = FreePort.next();
        Process prometheus = start(
                "prometheus",
                "--config.file=" + configuration,
                "--storage.tsdb.path=" + folder.resolve("data"),
                "--web.listen-address=127.0.0.1:" + port);
        try {
            meansTheSame("http://127.0.0.1:" + port + "/metrics", 250);
        } finally {
            end(prometheus);
        }
    }

    @Test
    void pagesOfVictoriaMetricsMeanTheSame() throws Exception {
        try (VictoriaMetrics other = VictoriaMetrics.start()) {
            meansTheSame(other.url() + "/metrics", 200);
        }
    }

    private void meansTheSame(String url, int atLeast) throws Exception {
        String page = pageAt(url, atLeast);
        String complaints = PromTool.run(page, "check", "metrics").output();
        assertThat(complaints).as("promtool reads all of the page").doesNotContain("error while linting");
        Read ours = Read.page(page);
        assertThat(ours.malformed).isEmpty();
        assertThat(ours.values).hasSize(samples(page));
        ours.values.values().removeIf(value -> !Double.isFinite(value));

        try (VictoriaMetrics server = VictoriaMetrics.start()) {
            int status = client.send(
                            HttpRequest.newBuilder(URI.create(server.url() + "/api/v1/import/prometheus"))
                                    .POST(HttpRequest.BodyPublishers.ofString(page))
                                    .build(),
                            BodyHandlers.discarding())
                    .statusCode();
            assertThat(status).isEqualTo(204);
            server.flush();
            Map<SortedMap<String, String>, Double> theirs =
                    new TreeMap<>((a, b) -> a.toString().compareTo(b.toString()));
            server.export("{__name__!=\"\"}").forEach((labels, samples) -> {
                double value = samples.get(samples.lastKey());
                if (Double.isFinite(value)) {
                    theirs.put(new TreeMap<>(labels), value);
                }
            });
            assertThat(ours.values.keySet()).isEqualTo(theirs.keySet());
            assertThat(ours.values).allSatisfy((series, value) -> assertThat(value)
                    .as(series.toString())
                    .isCloseTo(theirs.get(series), Percentage.withPercentage(SERVER_ROUNDS)));
        }
    }

    /** One line each; promtool decides whether it counts. */
    @ParameterizedTest
    @ValueSource(
            strings = {
                "a 1",
                "a{} 1",
                "a{b=\"c\",} 1",
                "a { b = \"c\" , d = \"e\" } 1",
                "a\t1\t1000",
                "a 1 -1000",
                "a{b=\"\"} 1",
                "a{b=\"x\\\\y\\\"z\\nw\"} 1",
                "a{b=\"}\"} 1",
                "a{b=\"# no comment\"} 1",
                "a{b=\"äöü €\"} 1",
                "a +Inf",
                "a -Inf",
                "a Inf",
                "a inf",
                "a NaN",
                "a nan",
                "a 1e3",
                "a 1E-3",
                "a -0",
                "a +1",
                "a .5",
                "a 5.",
                "a 0x10",
                "a 18446744073709551615",
                "a 4.9e-324",
                "a:b_c 1",
                "_ 1",
                ":a 1",
                "#a 1\na 1",
                "#\na 1",
                "# HELP a\na 1",
                "# HELP a x \\\\ y \\n z\na 1",
                "# TYPE a untyped\na 1",
                "  a 1",
                "\n\n\na 1"
            })
    void whatPromtoolReadsIsReadHereToo(String text) throws Exception {
        String page = text + "\n";
        PromTool.Ended promtool = PromTool.run(page, "check", "metrics");
        if (!promtool.output().contains("error while linting")) {
            Read ours = Read.page(page);
            assertThat(ours.malformed).as(promtool.output()).isEmpty();
            assertThat(ours.values).hasSize(1);
        }
    }

    private static int samples(String page) {
        return (int) page.lines()
                .filter(line -> !line.isBlank() && !line.startsWith("#"))
                .count();
    }

    /** A program that has just started has fewer samples. */
    private String pageAt(String url, int atLeast) {
        HttpRequest request = HttpRequest.newBuilder(URI.create(url))
                .header("Accept", "text/plain; version=0.0.4")
                .build();
        return Awaitility.await(url)
                .atMost(Duration.ofMinutes(1))
                .ignoreExceptions()
                .until(
                        () -> {
                            var answer = client.send(request, BodyHandlers.ofString());
                            return answer.statusCode() == 200 ? answer.body() : "";
                        },
                        body -> samples(body) > atLeast);
    }

    private static Process start(String... command) throws Exception {
        return new ProcessBuilder(command)
                .redirectErrorStream(true)
                .redirectOutput(ProcessBuilder.Redirect.DISCARD)
                .start();
    }

    private static void end(Process process) throws Exception {
        process.destroyForcibly();
        assertThat(process.waitFor(30, TimeUnit.SECONDS)).isTrue();
    }
}
