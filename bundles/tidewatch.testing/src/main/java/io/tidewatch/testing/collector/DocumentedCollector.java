package io.tidewatch.testing.collector;

import static org.assertj.core.api.Assertions.assertThat;

import io.tidewatch.api.collector.Collector;
import io.tidewatch.api.collector.Metric;
import io.tidewatch.api.config.ConfigurationCheck;
import java.io.IOException;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.ServiceLoader;
import java.util.TreeMap;
import org.junit.jupiter.api.Test;

/**
 * The documents of a collector say what its code says: the metric table and the key table of its README, and the
 * samples in {@code config/}. A collector's test implements this beside {@link CollectorContract}. With
 * {@code -Dtidewatch.docs=rewrite} the tables of the README are written anew instead of being compared.
 *
 * <p>Metrics come from {@link Collector#metrics()}, keys and defaults from the component description and the metatype
 * that the build has made of the annotations.
 */
public interface DocumentedCollector {
    Path CONFIGURATION = Path.of("../../config");

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

    /** The samples; those of a collector that does nothing without its file are examples, with values of their own. */
    default List<Path> samples() throws Exception {
        if (!isFactory()) {
            Path shipped = CONFIGURATION.resolve(file());
            return List.of(Files.exists(shipped) ? shipped : CONFIGURATION.resolve("examples/belabox/" + file()));
        }
        try (DirectoryStream<Path> files =
                Files.newDirectoryStream(CONFIGURATION.resolve("examples/own-metrics"), pid() + "-*.cfg")) {
            List<Path> samples = new ArrayList<>();
            files.forEach(samples::add);
            return samples;
        }
    }

    private boolean isFactory() throws Exception {
        return file().endsWith("-<name>.cfg");
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
        theReadmeHolds(table);
    }

    @Test
    default void theReadmeListsEveryKeyWithItsDefault() throws Exception {
        List<String> table =
                new ArrayList<>(List.of("| Key in `" + file() + "` | Default | Meaning |", "|---|---|---|"));
        ComponentDescription.keys(pid())
                .forEach((key, meaning) ->
                        table.add(("| `" + key + "` | `" + meaning.defaultValue() + "` | " + meaning.text() + " |")
                                .replace("|  |", "| |")));
        theReadmeHolds(table);
    }

    @Test
    default void theSamplesListEveryKeyWithItsDefault() throws Exception {
        Map<String, String> defaults = new TreeMap<>();
        ComponentDescription.keys(pid())
                .forEach((key, meaning) ->
                        defaults.put(key, meaning.defaultValue().strip()));
        assertThat(samples()).isNotEmpty();
        for (Path sample : samples()) {
            boolean isExample = !CONFIGURATION.equals(sample.getParent());
            List<String> listed = new ArrayList<>();
            Map<String, String> written = new TreeMap<>();
            for (String line : Files.readAllLines(sample)) {
                if (line.matches("#?[a-z.]+ =.*")) {
                    String[] parts = line.replaceFirst("^#", "").split(" =", 2);
                    listed.add(parts[0]);
                    if (line.startsWith("#")) {
                        assertThat(parts[1].strip())
                                .as(sample + ": " + parts[0])
                                .isEqualTo(defaults.get(parts[0]));
                    } else {
                        written.put(parts[0], parts[1].strip());
                    }
                }
            }
            assertThat(listed).as(sample.toString()).containsExactlyInAnyOrderElementsOf(defaults.keySet());
            assertThat(written.isEmpty()).as(sample + " changes nothing").isEqualTo(!isExample);
            for (ConfigurationCheck check : ServiceLoader.load(ConfigurationCheck.class)) {
                if (isExample && check.concerns(pid())) {
                    assertThat(check.problems(written)).as(sample.toString()).isEmpty();
                }
            }
        }
    }

    /** Compares the table that begins with the same line; with {@code -Dtidewatch.docs=rewrite} replaces it. */
    private static void theReadmeHolds(List<String> table) throws IOException {
        Path file = Path.of("README.md");
        List<String> lines = Files.readAllLines(file);
        int begin = lines.indexOf(table.get(0));
        assertThat(begin)
                .as(file + " has a table that begins with: " + table.get(0))
                .isNotNegative();
        int end = begin;
        while (end < lines.size() && lines.get(end).startsWith("|")) {
            end++;
        }
        List<String> old = lines.subList(begin, end);
        if ("rewrite".equals(System.getProperty("tidewatch.docs"))) {
            old.clear();
            lines.addAll(begin, table);
            Files.write(file, lines);
        } else {
            assertThat(old)
                    .as(file + "; -Dtidewatch.docs=rewrite writes it anew")
                    .isEqualTo(table);
        }
    }
}
