package io.tidewatch.itest.outside;

import static org.assertj.core.api.Assertions.assertThat;

import io.tidewatch.api.collector.Kind;
import io.tidewatch.api.collector.Metric;
import io.tidewatch.api.collector.Unit;
import java.math.BigDecimal;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;

/** The rules for names, over what the bundles declare and over what the golden runs delivered. */
class MetricNamesTest {
    /** Without colons, which are for recording rules. */
    private static final Pattern NAME = Pattern.compile("[a-z_][a-z0-9_]*");

    private static final Pattern SERIES = Pattern.compile("([^{]+)\\{((?:[^\"}]|\"(?:[^\"\\\\]|\\\\.)*\")*)\\} (.+)");
    private static final Pattern LABEL = Pattern.compile("([^=,]+)=\"((?:[^\"\\\\]|\\\\.)*)\",?");

    /** One that is only reported on request, and those of the clock of the machine that the tests run on. */
    private static final Set<String> IN_NO_GOLDEN_RUN =
            Set.of("filesystem_files_free", "clock_synchronized", "clock_error_bound_seconds");

    @Test
    void everyNameOnTheWireFollowsTheRules() throws Exception {
        List<String> wrong = new ArrayList<>();
        DocumentedMetrics.read().byName().forEach((name, metric) -> examine(name, metric, wrong));

        assertThat(wrong).isEmpty();
    }

    @Test
    void everySeriesOfTheGoldenRunsFollowsTheRules() throws Exception {
        DocumentedMetrics metrics = DocumentedMetrics.read();
        Set<String> delivered = new TreeSet<>();
        List<String> wrong = new ArrayList<>();
        for (Path file : GoldenFile.all()) {
            for (String line : Files.readAllLines(file)) {
                if (line.startsWith("#") || line.startsWith("collector.")) {
                    continue;
                }
                Matcher series = SERIES.matcher(line);
                if (!series.matches()) {
                    wrong.add(file + ": no series: " + line);
                    continue;
                }
                delivered.add(series.group(1));
                List<String> faults = new ArrayList<>();
                examineSeries(metrics.of(series.group(1)), series.group(2), series.group(3), faults);
                faults.forEach(fault -> wrong.add(file + ": " + fault + ": " + line));
            }
        }

        assertThat(wrong).isEmpty();
        Set<String> ofMachine = new TreeSet<>(metrics.byName().keySet());
        ofMachine.removeIf(name -> !metrics.readmeOf(name).isOfMachine()
                || metrics.readmeOf(name).isFactory()
                || metrics.of(name).kind() == Kind.TEXT
                || IN_NO_GOLDEN_RUN.contains(name));
        assertThat(delivered)
                .as("metrics that some golden run delivers")
                .containsExactlyInAnyOrderElementsOf(ofMachine);
    }

    private static void examine(String name, Metric metric, List<String> wrong) {
        if (!NAME.matcher(name).matches()) {
            wrong.add(name + " is no name in PromQL");
        }
        if (!name.matches(metric.kind() == Kind.COUNTER ? ".*(?<!_total)_total" : ".*(?<!_total)")) {
            wrong.add(name + " is a " + metric.kind() + ", and only a counter ends in _total, exactly once");
        }
        if (metric.unit() != Unit.NONE
                && !("_" + name + "_").contains("_" + metric.unit().suffix() + "_")) {
            wrong.add(name + " does not say that it is in " + metric.unit().suffix());
        }
        String bare = metric.name().replaceFirst("_total$", "");
        for (Unit unit : Unit.values()) {
            if (unit != Unit.NONE && unit != metric.unit() && bare.endsWith("_" + unit.suffix())) {
                wrong.add(metric.name() + " is in '" + metric.unit().suffix() + "', and says " + unit.suffix());
            }
        }
        for (String tag : metric.tags()) {
            if (!NAME.matcher(tag).matches() || tag.equals("device_id")) {
                wrong.add(name + " has the tag " + tag);
            }
        }
    }

    private static void examineSeries(Metric metric, String labels, String history, List<String> wrong) {
        List<String> names = new ArrayList<>();
        Matcher label = LABEL.matcher(labels);
        int end = 0;
        while (label.lookingAt()) {
            names.add(label.group(1));
            if (label.group(2).isBlank()) {
                wrong.add("empty label " + label.group(1));
            }
            end = label.end();
            label.region(end, labels.length());
        }
        if (end != labels.length()) {
            wrong.add("labels that cannot be read");
        }
        List<String> expected = new ArrayList<>(metric.tags());
        expected.add("device_id");
        if (!Set.copyOf(names).equals(Set.copyOf(expected)) || names.size() != expected.size()) {
            wrong.add("labels " + names + " instead of " + expected);
        }
        examineValues(metric, history, wrong);
    }

    private static void examineValues(Metric metric, String history, List<String> wrong) {
        for (String text : history.split(" ", -1)) {
            if (text.equals(SeriesHistories.ABSENT) || text.equals(SeriesHistories.MASK)) {
                continue;
            }
            BigDecimal value = new BigDecimal(text);
            if (metric.kind() == Kind.COUNTER && value.signum() < 0) {
                wrong.add("a counter below 0");
            }
            if (metric.unit() == Unit.PERCENT && (value.signum() < 0 || value.compareTo(BigDecimal.valueOf(100)) > 0)) {
                wrong.add("a percentage out of 0 to 100");
            }
        }
    }
}
