package io.tidewatch.itest.outside;

import static org.assertj.core.api.Assertions.assertThat;

import io.tidewatch.api.collector.Metric;
import io.tidewatch.api.collector.PrometheusName;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
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
                "The first column is the name in the database and the API, the second, with the unit, that of queries, dashboards and",
                "alerts. Names that end in `_total` are counters, which restart with what they count: use `rate()`. All others are",
                "gauges. Every series also has `device_id` and the labels of the device. Percentages are from 0 to 100. Values that",
                "cannot be read are left out, never 0. Intervals are defaults.",
                "",
                "A test writes this page from the READMEs of the bundles, with `-Dtidewatch.docs=rewrite`."));
        List<BundleReadme> readmes = new ArrayList<>(BundleReadme.all());
        readmes.sort(Comparator.comparing(BundleReadme::isOfMachine).reversed());
        for (BundleReadme readme : readmes) {
            page.addAll(List.of(
                    "",
                    "## [" + readme.bundle() + "](../bundles/" + readme.bundle() + "/README.md), every "
                            + readme.interval(),
                    ""));
            page.addAll(wrapped(fromHere(firstSentence(readme.source()), readme.bundle())));
            page.add("");
            page.add("| Metric | In PromQL | Tags | Meaning |");
            page.add("|---|---|---|---|");
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

    private static String firstSentence(String text) {
        return text.replaceFirst("(?s)\\.\\s.*", ".");
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
                metric.tags().stream().map(tag -> "`" + tag + "`").collect(Collectors.joining(", ")),
                metric.help());
        return cells.stream()
                .map(cell -> cell.isEmpty() ? " " : " " + cell + " ")
                .collect(Collectors.joining("|", "|", "|"));
    }
}
