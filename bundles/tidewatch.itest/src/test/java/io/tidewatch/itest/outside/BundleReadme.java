package io.tidewatch.itest.outside;

import static org.assertj.core.api.Assertions.assertThat;

import io.tidewatch.api.collector.Kind;
import io.tidewatch.api.collector.Metric;
import io.tidewatch.api.collector.Unit;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;

/** The README of a bundle that has metrics. The bundle's own tests hold its tables against the code. */
final class BundleReadme {
    private static final Path BUNDLES = Path.of("..");
    private static final Path CONFIGURATION = Path.of("../../config");
    private static final String METRICS = "| Metric | Kind | Unit |";
    private static final Pattern INTERVAL_KEY = Pattern.compile("\\| `interval` \\| `(\\w+)` \\|.*");
    private static final Pattern INTERVAL_IN_HEADING = Pattern.compile("#+ Metrics .*every (\\w+)\\)");

    private final String bundle;
    private final List<String> lines;

    private BundleReadme(String bundle, List<String> lines) {
        this.bundle = bundle;
        this.lines = lines;
    }

    /** Those of all bundles, in the order of their names. */
    static List<BundleReadme> all() throws IOException {
        List<BundleReadme> readmes = new ArrayList<>();
        try (Stream<Path> folders = Files.list(BUNDLES)) {
            for (Path folder : folders.sorted().toList()) {
                Path file = folder.resolve("README.md");
                if (Files.exists(file)) {
                    BundleReadme readme = new BundleReadme(folder.getFileName().toString(), Files.readAllLines(file));
                    if (readme.lines.stream().anyMatch(line -> line.startsWith(METRICS))) {
                        readmes.add(readme);
                    }
                }
            }
        }
        assertThat(readmes).as("READMEs with metrics").isNotEmpty();
        return readmes;
    }

    /** Symbolic name of the bundle. */
    String bundle() {
        return bundle;
    }

    /** Whether the bundle reads the machine, rather than the agent itself. */
    boolean isOfMachine() {
        return bundle.startsWith("tidewatch.collector.");
    }

    /** Whether it has an instance per file, and none without. */
    boolean isFactory() {
        return lines.stream().anyMatch(line -> line.startsWith("| Key in `" + bundle + "-<name>.cfg`"));
    }

    /** Whether it does nothing without a file of its own: its samples are examples, and none is in {@code config}. */
    boolean needsFile() {
        return !Files.exists(CONFIGURATION.resolve(bundle + ".cfg"));
    }

    /** The paragraph below the title: what is reported, from which source. */
    String source() {
        return String.join(
                "\n",
                lines.stream()
                        .skip(2)
                        .takeWhile(line -> !line.isEmpty() && !line.startsWith("|"))
                        .toList());
    }

    /** How often it is reported by default, as {@code 10s}. */
    String interval() {
        for (Pattern pattern : List.of(INTERVAL_KEY, INTERVAL_IN_HEADING)) {
            for (String line : lines) {
                Matcher matcher = pattern.matcher(line);
                if (matcher.matches()) {
                    return matcher.group(1);
                }
            }
        }
        throw new AssertionError("The README of " + bundle + " does not say how often metrics are reported");
    }

    /** The rows of its table of metrics. */
    List<Metric> metrics() {
        int header = 0;
        while (!lines.get(header).startsWith(METRICS)) {
            header++;
        }
        List<String> columns = cells(lines.get(header));
        return lines.stream()
                .skip(header + 2L)
                .takeWhile(line -> line.startsWith("|"))
                .map(line -> metric(columns, cells(line)))
                .toList();
    }

    private Metric metric(List<String> columns, List<String> cells) {
        assertThat(cells).as("cells of a metric in the README of " + bundle).hasSameSizeAs(columns);
        int tags = columns.indexOf("Tags");
        return new Metric(
                cells.get(0).replace("`", ""),
                Kind.valueOf(cells.get(columns.indexOf("Kind")).toUpperCase(Locale.ROOT)),
                unit(cells.get(columns.indexOf("Unit"))),
                cells.get(columns.indexOf("Meaning")),
                tags < 0 || cells.get(tags).isEmpty()
                        ? List.of()
                        : List.of(cells.get(tags).replace("`", "").split(", ", -1)));
    }

    private Unit unit(String suffix) {
        return Arrays.stream(Unit.values())
                .filter(unit -> unit.suffix().equals(suffix))
                .findFirst()
                .orElseThrow(() -> new AssertionError("No unit '" + suffix + "', as in the README of " + bundle));
    }

    private static List<String> cells(String row) {
        String[] cells = row.split("\\|", -1);
        return Arrays.stream(cells, 1, cells.length - 1).map(String::strip).toList();
    }
}
