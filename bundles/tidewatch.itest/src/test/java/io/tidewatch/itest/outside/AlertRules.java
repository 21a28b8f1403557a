package io.tidewatch.itest.outside;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.dataformat.yaml.YAMLMapper;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** The rules in {@code alerts/}, and their unit tests. */
final class AlertRules {
    static final Path RULES = Path.of("../../alerts/tidewatch.rules.yml");
    static final Path TESTS = Path.of("../../alerts/tidewatch.rules.test.yml");

    private AlertRules() {}

    /** The expression of each alert, by its name. */
    static Map<String, PromExpression> expressions() throws IOException {
        Map<String, PromExpression> expressions = new LinkedHashMap<>();
        for (JsonNode group : new YAMLMapper().readTree(RULES.toFile()).path("groups")) {
            for (JsonNode rule : group.path("rules")) {
                String name = rule.path("alert").asText();
                PromExpression expression =
                        new PromExpression(name, rule.path("expr").asText());
                if (expressions.put(name, expression) != null) {
                    throw new AssertionError(RULES + " has " + name + " twice");
                }
            }
        }
        return expressions;
    }

    /** The alerts that the unit tests await, or await not to fire. */
    static List<String> tested(boolean firing) throws IOException {
        List<String> names = new ArrayList<>();
        for (JsonNode test : new YAMLMapper().readTree(TESTS.toFile()).path("tests")) {
            for (JsonNode alert : test.path("alert_rule_test")) {
                if (alert.path("exp_alerts").isEmpty() != firing) {
                    names.add(alert.path("alertname").asText());
                }
            }
        }
        return names;
    }
}
