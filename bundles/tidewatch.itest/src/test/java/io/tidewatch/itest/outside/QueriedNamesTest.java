package io.tidewatch.itest.outside;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;

/** Every metric that our alerts, dashboards and pages ask for is in {@code docs/metrics.md}. */
class QueriedNamesTest {
    @Test
    void everyQueriedMetricIsDocumented() throws Exception {
        List<PromExpression> all = new ArrayList<>(AlertRules.expressions().values());
        all.addAll(Dashboards.expressions());
        all.addAll(VictoriaMetricsPage.expressions());

        DocumentedMetrics documented = DocumentedMetrics.read();
        List<String> unknown = new ArrayList<>();
        for (PromExpression written : all) {
            PromExpression expression = new PromExpression(written.where(), Dashboards.filled(written, "any"));
            assertThat(expression.metrics()).as("metrics of " + expression).isNotEmpty();
            expression.metrics().stream()
                    .filter(name -> !documented.byName().containsKey(name))
                    .forEach(name -> unknown.add(name + " in " + expression));
        }
        assertThat(unknown).isEmpty();
    }

    /** The second column of the page for users of Telegraf. */
    @Test
    void theMetricsBesideTelegrafsAreDocumented() throws Exception {
        DocumentedMetrics documented = DocumentedMetrics.read();
        List<String> lines = Files.readAllLines(Path.of("../../docs/telegraf.md"));
        List<String> table = lines.subList(lines.indexOf("## Metrics"), lines.indexOf("## Settings"));
        List<String> names = table.stream()
                .filter(line -> line.startsWith("| `"))
                .map(line -> line.split(" \\| ", -1)[1])
                .flatMap(cell -> Pattern.compile("`([a-z0-9_]+)").matcher(cell).results())
                .map(match -> match.group(1))
                .toList();

        assertThat(names).hasSizeGreaterThan(30);
        assertThat(documented.byName().keySet()).containsAll(names);
    }

    @Test
    void findsTheNamesInAnExpression() {
        PromExpression expression = new PromExpression(
                "here",
                "sum by (device_id, b) (rate(one_total{a=\"x}\", b=~\"two|y\"}[5m])) / on (a) group_left (b) (three) > 1e3"
                        + " and abs (four offset 1d) or (five{c=\"\\\"six\"} == bool 2)");

        assertThat(expression.metrics()).containsExactly("five", "four", "one_total", "three");
    }
}
