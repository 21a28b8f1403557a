package io.tidewatch.testing.collector;

import static org.assertj.core.api.Assertions.assertThat;

import io.tidewatch.api.collector.Collector;
import io.tidewatch.api.collector.Metric;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import org.junit.jupiter.api.Test;

/**
 * The documents of a collector say what its code says: the metric table and the key table of its README, and the sample
 * in {@code config/}. A collector's test implements this beside {@link CollectorContract}. With
 * {@code -Dtidewatch.docs=rewrite} the tables of the README are written anew instead of being compared.
 *
 * <p>Metrics come from {@link Collector#metrics()}, keys and defaults from the component description and the metatype
 * that the build has made of the annotations.
 */
public interface DocumentedCollector {
    /** The collector whose metrics the README lists. */
    Collector typicalCollector() throws Exception;

    /** Its PID; needed where the bundle has other components. */
    default String pid() throws Exception {
        return ComponentDescription.onlyPid();
    }

    /** The file that configures it; of a factory one that ends in {@code -<name>.cfg}. */
    default String file() throws Exception {
        return pid() + ".cfg";
    }

    /** The sample; that of a factory has values of its own, since there is no instance without. */
    default Path sample() throws Exception {
        return Path.of("../../config", file());
    }

    @Test
    default void theReadmeListsEveryMetricAsDeclared() throws Exception {
        List<String> table =
                new ArrayList<>(List.of("| Metric | Kind | Unit | Tags | Meaning |", "|---|---|---|---|---|"));
        for (Metric metric : typicalCollector().metrics()) {
            table.add(String.join(
                            " | ",
                            "| `" + metric.name() + "`",
                            metric.kind().name().toLowerCase(Locale.ROOT),
                            metric.unit().suffix(),
                            String.join(
                                    ", ",
                                    metric.tags().stream()
                                            .map(tag -> "`" + tag + "`")
                                            .toList()),
                            metric.help() + " |")
                    .replace("|  |", "| |"));
        }
        new MarkdownTable(Path.of("README.md")).holds(table);
    }

    @Test
    default void theReadmeListsEveryKeyWithItsDefault() throws Exception {
        List<String> table =
                new ArrayList<>(List.of("| Key in `" + file() + "` | Default | Meaning |", "|---|---|---|"));
        ComponentDescription.keys(pid())
                .forEach((key, meaning) ->
                        table.add("| `" + key + "` | `" + meaning.defaultValue() + "` | " + meaning.text() + " |"));
        new MarkdownTable(Path.of("README.md")).holds(table);
    }

    @Test
    default void theSampleListsEveryKeyWithItsDefault() throws Exception {
        boolean factory = !file().equals(pid() + ".cfg");
        List<String> expected = new ArrayList<>();
        ComponentDescription.keys(pid())
                .forEach((key, meaning) ->
                        expected.add(factory ? key : ("#" + key + " = " + meaning.defaultValue()).strip()));
        List<String> listed = new ArrayList<>();
        for (String line : Files.readAllLines(sample())) {
            if (line.matches("#?[a-z.]+ =.*")) {
                listed.add(factory ? line.replaceAll("^#|\\s*=.*", "") : line.strip());
            }
        }
        assertThat(listed).containsExactlyInAnyOrderElementsOf(expected);
    }
}
