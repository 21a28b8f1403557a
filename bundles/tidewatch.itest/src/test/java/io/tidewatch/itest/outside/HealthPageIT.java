package io.tidewatch.itest.outside;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.io.InputStream;
import java.net.HttpURLConnection;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;

/** What docs/health.md shows is what the shipped agent answers. */
class HealthPageIT {
    private static final Path ROOT = Path.of("../..");
    private static final Path PAGE = ROOT.resolve("docs/health.md");
    private static final Pattern EXAMPLE = Pattern.compile(
            "^\\$ curl -s (?:-X (\\w+) )?http://127\\.0\\.0\\.1:9100(/\\S*)\\n(.*)$", Pattern.MULTILINE);
    private static final Pattern REPORT = Pattern.compile("```json\\n(\\{\"status\": .*?)```", Pattern.DOTALL);
    private static final Pattern SCRAPES = Pattern.compile("```yaml\\n(scrape_configs:.*?)```", Pattern.DOTALL);
    private static final Pattern COMPONENT = Pattern.compile("^\\| `([a-z]+)` \\|.*$", Pattern.MULTILINE);
    private static final Pattern THRESHOLD =
            Pattern.compile("\\| `([a-z.]+)` \\| `(tidewatch\\.[a-z.]+\\.cfg)` \\| `(.*)` \\|.*");

    @Test
    void theAgentAnswersAsThePageShows() throws Exception {
        String page = Files.readString(PAGE);
        Path folder = AgentProcess.workFolder("health-page");
        try (AgentProcess agent = new AgentProcess(AgentProcess.distribution(), folder)) {
            agent.start();
            agent.awaitStatus("ok");
            agent.await(
                    "a pass of memory",
                    () -> agent.component("collector.memory")
                                    .path("details")
                                    .path("samples")
                                    .asInt()
                            > 0);

            Matcher example = EXAMPLE.matcher(page);
            Set<String> shown = new TreeSet<>();
            while (example.find()) {
                String method = example.group(1) == null ? "GET" : example.group(1);
                String answer = answer(method, agent.port(), example.group(2));
                String expected = example.group(3);
                shown.add(method + " " + example.group(2));
                assertThat(answer)
                        .startsWith(expected.replaceFirst("…$", ""))
                        .matches(body -> expected.endsWith("…") || body.equals(expected));
            }
            assertThat(shown)
                    .containsExactly(
                            "GET /bundles", "GET /health/live", "GET /health/ready", "GET /nope", "POST /health");

            // Without uploads some details of the uploader are not there; they are in its README.
            JsonNode real = agent.get("/health").json();
            List<String> unknown = new ArrayList<>();
            Matcher report = REPORT.matcher(page);
            assertThat(report.find()).isTrue();
            compare("", new ObjectMapper().readTree(report.group(1)), real, unknown);
            assertThat(unknown)
                    .containsExactlyInAnyOrder(
                            "/components/uploader/details/last_upload_time",
                            "/components/uploader/details/time_since_upload_seconds",
                            "/components/uploader/details/upload_interval_seconds");

            Set<String> components = new TreeSet<>();
            real.path("components").fieldNames().forEachRemaining(name -> {
                if (!name.startsWith("collector.")) {
                    components.add(name);
                }
            });
            assertThat(rows(page, "## Components")).containsAll(components);
        }
    }

    @Test
    void theScrapesOfThePageAndOfTheReadmeAreAccepted() throws Exception {
        for (String file : List.of("docs/health.md", "bundles/tidewatch.health/README.md")) {
            Matcher scrapes = SCRAPES.matcher(Files.readString(ROOT.resolve(file)));
            assertThat(scrapes.find()).as(file).isTrue();
            Path folder = AgentProcess.workFolder("scrapes");
            Path good = Files.writeString(folder.resolve("good.yml"), scrapes.group(1));
            Path bad = Files.writeString(
                    folder.resolve("bad.yml"), scrapes.group(1).replace("targets", "goals"));

            assertThat(PromTool.run("", "check", "config", good.toString()))
                    .as(file)
                    .matches(ended -> ended.exitCode() == 0);
            assertThat(PromTool.run("", "check", "config", bad.toString()).exitCode())
                    .as("the check itself")
                    .isNotZero();
        }
    }

    @Test
    void theThresholdsAreThoseOfTheSamples() throws IOException {
        int compared = 0;
        for (String line : Files.readAllLines(PAGE)) {
            Matcher threshold = THRESHOLD.matcher(line);
            if (threshold.matches()) {
                compared++;
                assertThat(Files.readAllLines(ROOT.resolve("config").resolve(threshold.group(2))).stream()
                                .map(String::strip))
                        .contains(("#" + threshold.group(1) + " = " + threshold.group(3)).strip());
            }
        }
        assertThat(compared).isEqualTo(6);
    }

    private static Set<String> rows(String page, String heading) {
        String section = page.substring(page.indexOf(heading + "\n"));
        Matcher row = COMPONENT.matcher(section.substring(0, section.indexOf("\n## ")));
        Set<String> rows = new TreeSet<>();
        while (row.find()) {
            rows.add(row.group(1));
        }
        return rows;
    }

    private static void compare(String path, JsonNode shown, JsonNode real, List<String> unknown) {
        for (Map.Entry<String, JsonNode> field : shown.properties()) {
            String place = path + "/" + field.getKey();
            JsonNode other = real.path(field.getKey());
            if (other.getNodeType() != field.getValue().getNodeType()) {
                unknown.add(place);
            } else {
                compare(place, field.getValue(), other, unknown);
            }
        }
    }

    private static String answer(String method, int port, String path) throws IOException {
        HttpURLConnection connection = (HttpURLConnection)
                URI.create("http://127.0.0.1:" + port + path).toURL().openConnection();
        connection.setRequestMethod(method);
        connection.setConnectTimeout(5000);
        connection.setReadTimeout(5000);
        try (InputStream body =
                connection.getResponseCode() < 400 ? connection.getInputStream() : connection.getErrorStream()) {
            return new String(body.readAllBytes(), StandardCharsets.UTF_8).strip();
        }
    }
}
