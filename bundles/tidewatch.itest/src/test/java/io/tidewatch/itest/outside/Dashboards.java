package io.tidewatch.itest.outside;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.Stream;

/** The dashboards for Grafana in {@code dashboards/}. */
final class Dashboards {
    private static final Path FOLDER = Path.of("../../dashboards");

    private Dashboards() {}

    /** All of them, by the name of the file. */
    static Map<String, JsonNode> all() throws IOException {
        Map<String, JsonNode> dashboards = new TreeMap<>();
        try (Stream<Path> files = Files.list(FOLDER)) {
            for (Path file :
                    files.filter(path -> path.toString().endsWith(".json")).toList()) {
                dashboards.put(file.getFileName().toString(), new ObjectMapper().readTree(file.toFile()));
            }
        }
        return dashboards;
    }

    /** What the panels and the annotations ask for, as written: with Grafana's variables. */
    static List<PromExpression> expressions() throws IOException {
        List<PromExpression> expressions = new ArrayList<>();
        for (Map.Entry<String, JsonNode> dashboard : all().entrySet()) {
            for (JsonNode panel : dashboard.getValue().path("panels")) {
                for (JsonNode target : panel.path("targets")) {
                    expressions.add(new PromExpression(
                            dashboard.getKey() + ", panel '"
                                    + panel.path("title").asText() + "', query "
                                    + target.path("refId").asText(),
                            target.path("expr").asText()));
                }
            }
            for (JsonNode annotation : dashboard.getValue().path("annotations").path("list")) {
                expressions.add(new PromExpression(
                        dashboard.getKey() + ", annotation '"
                                + annotation.path("name").asText() + "'",
                        annotation.path("expr").asText()));
            }
        }
        return expressions;
    }

    /** What the variables of the dashboards are filled with, as a query for Grafana. */
    static List<PromExpression> variables() throws IOException {
        List<PromExpression> expressions = new ArrayList<>();
        for (Map.Entry<String, JsonNode> dashboard : all().entrySet()) {
            for (JsonNode variable : dashboard.getValue().path("templating").path("list")) {
                if (variable.path("type").asText().equals("query")) {
                    expressions.add(new PromExpression(
                            dashboard.getKey() + ", variable "
                                    + variable.path("name").asText(),
                            variable.path("query").path("query").asText()));
                }
            }
        }
        return expressions;
    }

    /** An expression as Grafana sends it, with all devices that a regular expression fits. */
    static String filled(PromExpression expression, String devices) {
        String filled = expression.text().replace("$device", devices).replace("$__rate_interval", "4m");
        // $1 is a group of label_replace.
        if (filled.matches("(?s).*\\$[^0-9].*")) {
            throw new AssertionError("A variable that nothing fills: " + expression);
        }
        return filled;
    }
}
