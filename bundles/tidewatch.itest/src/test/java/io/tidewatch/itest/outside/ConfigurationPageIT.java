package io.tidewatch.itest.outside;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.junit.jupiter.api.Test;

/**
 * The tables of {@code docs/configuration.md} are what the built distribution has and accepts;
 * {@code -Dtidewatch.docs=rewrite} writes them anew.
 */
class ConfigurationPageIT {
    private static final Path PAGE = Path.of("../../docs/configuration.md");
    private static final String BEGIN = "<!-- Tables of the keys, written by a test. -->";
    private static final String END = "<!-- End of the tables. -->";
    private static final String ANY_COLLECTOR = ShippedKeys.COLLECTOR + "cpu";

    @Test
    void thePageListsEveryKeyOfEveryPid() throws Exception {
        List<String> page = Files.readAllLines(PAGE);
        int begin = page.indexOf(BEGIN);
        int end = page.indexOf(END);
        assertThat(begin).as("line '" + BEGIN + "' in " + PAGE).isBetween(0, end);
        ShippedKeys shipped = ShippedKeys.read();
        List<String> tables = tables(shipped, AcceptedValues.of(shipped));
        if ("rewrite".equals(System.getProperty("tidewatch.docs"))) {
            List<String> rewritten = new ArrayList<>(page.subList(0, begin + 1));
            rewritten.addAll(tables);
            rewritten.addAll(page.subList(end, page.size()));
            Files.write(PAGE, rewritten);
            return;
        }
        assertThat(page.subList(begin + 1, end))
                .as(PAGE + "; -Dtidewatch.docs=rewrite writes it anew")
                .containsExactlyElementsOf(tables);
    }

    private static List<String> tables(ShippedKeys shipped, AcceptedValues accepted) {
        List<String> lines = new ArrayList<>();
        shipped.pids().forEach((pid, known) -> {
            if (!pid.startsWith(ShippedKeys.COLLECTOR)) {
                lines.addAll(List.of("", "### `" + pid + ".cfg`", "", known.text() + ".", ""));
                head(lines);
                known.keys().forEach((key, meaning) -> row(lines, accepted, pid, key, meaning));
            }
        });
        collectors(lines, shipped, accepted);
        lines.add("");
        return lines;
    }

    private static void collectors(List<String> lines, ShippedKeys shipped, AcceptedValues accepted) {
        lines.addAll(List.of(
                "",
                "### `" + ShippedKeys.COLLECTOR + "<name>.cfg`",
                "",
                "These keys every collector has, also your own.",
                ""));
        head(lines);
        Map<String, ShippedKeys.Key> common = Map.of(
                "enabled", new ShippedKeys.Key("true", "`false` turns the collector off"),
                "interval", new ShippedKeys.Key("", "From the start of one pass to the start of the next"),
                "timeout",
                        new ShippedKeys.Key(
                                shipped.ofCollector(ANY_COLLECTOR, "timeout"),
                                "How long a pass may take before it is interrupted"),
                "priority",
                        new ShippedKeys.Key(
                                shipped.ofCollector(ANY_COLLECTOR, "priority"),
                                "What is delivered first from a backlog, and evicted last"));
        for (String key : List.of("enabled", "interval", "timeout", "priority")) {
            row(lines, accepted, ANY_COLLECTOR, key, common.get(key));
        }
        lines.addAll(List.of("", "| `interval` | `timeout` | `priority` | Collectors |", "|---|---|---|---|"));
        Map<String, List<String>> collectors = new TreeMap<>();
        shipped.pids().keySet().stream()
                .filter(pid -> pid.startsWith(ShippedKeys.COLLECTOR))
                .forEach(pid -> collectors
                        .computeIfAbsent(
                                "| `" + shipped.ofCollector(pid, "interval") + "` | `"
                                        + shipped.ofCollector(pid, "timeout") + "` | `"
                                        + shipped.ofCollector(pid, "priority") + "` | ",
                                defaults -> new ArrayList<>())
                        .add("`" + shipped.file(pid, "<name>").substring(ShippedKeys.COLLECTOR.length()) + "`"));
        collectors.forEach((defaults, names) -> lines.add(defaults + String.join(", ", names) + " |"));
        shipped.pids().forEach((pid, known) -> {
            if (pid.startsWith(ShippedKeys.COLLECTOR) && !known.keys().isEmpty()) {
                lines.addAll(List.of(
                        "", "### `" + shipped.file(pid, "<name>") + ".cfg`, besides", "", known.text() + ".", ""));
                head(lines);
                known.keys().forEach((key, meaning) -> row(lines, accepted, pid, key, meaning));
            }
        });
    }

    private static void head(List<String> lines) {
        lines.addAll(List.of("| Key | Default | Accepted | Meaning |", "|---|---|---|---|"));
    }

    private static void row(
            List<String> lines, AcceptedValues accepted, String pid, String key, ShippedKeys.Key meaning) {
        String value = meaning.value().isEmpty() ? "" : "`" + meaning.value().replace("|", "\\|") + "`";
        lines.add(("| `" + key + "` | " + value + " | " + cell(format(accepted.of(pid, key))) + " | "
                        + cell(meaning.text()) + " |")
                .replaceAll("\\|  (?=\\|)", "| "));
    }

    /** What is accepted, without what the page says above the tables: forms of durations, sizes and patterns. */
    private static String format(String accepted) {
        return accepted.replaceFirst("^any text$", "")
                .replace("regular expressions over whole names, separated by commas", "patterns")
                .replaceFirst(",? such as [0-9]+[a-zA-Z]+(, [0-9]+[a-zA-Z]+)*$", "");
    }

    private static String cell(String text) {
        return text.replace("|", "\\|").replace("<", "&lt;");
    }
}
