package io.tidewatch.itest.outside;

import static org.assertj.core.api.Assertions.assertThat;

import io.tidewatch.api.collector.Metric;
import io.tidewatch.api.collector.PrometheusName;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Locale;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;

/** {@code docs/metrics.md} holds what the READMEs of the bundles say; {@code -Dtidewatch.docs=rewrite} writes it anew. */
class MetricsPageTest {
    private static final Path PAGE = Path.of("../../docs/metrics.md");
    private static final String REWRITE = "rewrite";
    private static final int WIDTH = 120;

    @Test
    void thePageListsTheMetricsOfEveryBundle() throws Exception {
        List<String> page = page();
        if (REWRITE.equals(System.getProperty("tidewatch.docs"))) {
            Files.write(PAGE, page);
            return;
        }
        assertThat(Files.readAllLines(PAGE))
                .as(PAGE + "; -Dtidewatch.docs=rewrite writes it anew")
                .containsExactlyElementsOf(page);
    }

    private static List<String> page() throws Exception {
        List<String> page = new ArrayList<>(List.of(
                "# Metrics",
                "",
                "Everything that the bundles of this repository report, from their READMEs, which say what is left"
                        + " out when, and how",
                "each is configured. The database and the API use the name on the left; queries, dashboards and"
                        + " alerts the name in",
                "PromQL. Every series carries `device_id` as well, and the labels of the device. The interval is the"
                        + " default.",
                "",
                "A counter only grows, until what it counts starts anew: take `rate()` of it. Percentages run from"
                        + " 0 to 100. What cannot",
                "be read is left out, never 0. A test writes this page: change the READMEs, and run it with"
                        + " `-Dtidewatch.docs=rewrite`."));
        List<BundleReadme> readmes = new ArrayList<>(BundleReadme.all());
        readmes.sort(Comparator.comparing(BundleReadme::isOfMachine).reversed());
        for (BundleReadme readme : readmes) {
            page.addAll(List.of("", "## " + readme.bundle() + ", every " + readme.interval(), ""));
            page.addAll(wrapped(fromHere(readme.source(), readme.bundle())));
            page.add("");
            page.add("| Metric | In PromQL | Kind | Unit | Tags | Meaning |");
            page.add("|---|---|---|---|---|---|");
            readme.metrics().forEach(metric -> page.add(row(metric)));
        }
        return page;
    }

    /** The text of a README with its links as they are from {@code docs}. */
    private static String fromHere(String text, String bundle) {
        return text.replace("](../../docs/", "](")
                .replace("](../", "](../bundles/")
                .replace("](#", "](../bundles/" + bundle + "/README.md#");
    }

    private static List<String> wrapped(String text) {
        List<String> lines = new ArrayList<>();
        StringBuilder line = new StringBuilder();
        for (String word : text.split("\\s+", -1)) {
            if (!line.isEmpty() && line.length() + 1 + word.length() > WIDTH) {
                lines.add(line.toString());
                line.setLength(0);
            }
            line.append(line.isEmpty() ? "" : " ").append(word);
        }
        lines.add(line.toString());
        return lines;
    }

    private static String row(Metric metric) {
        List<String> cells = List.of(
                "`" + metric.name() + "`",
                "`" + PrometheusName.of(metric.name(), metric.kind(), metric.unit()) + "`",
                metric.kind().name().toLowerCase(Locale.ROOT),
                metric.unit().suffix(),
                metric.tags().stream().map(tag -> "`" + tag + "`").collect(Collectors.joining(", ")),
                metric.help());
        return cells.stream()
                .map(cell -> cell.isEmpty() ? " " : " " + cell + " ")
                .collect(Collectors.joining("|", "|", "|"));
    }
}
