package io.tidewatch.itest.outside;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.HashMap;
import java.util.Map;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** A page in the text format of Prometheus, read strictly. */
final class ScrapedPage {
    private static final Pattern SAMPLE =
            Pattern.compile("(?<name>[a-zA-Z_:][a-zA-Z0-9_:]*)\\{(?<labels>.*)} (?<value>[-+0-9.Ee]+)");
    private static final Pattern LABEL =
            Pattern.compile("(?<name>[a-zA-Z_][a-zA-Z0-9_]*)=\"(?<value>(?:[^\"\\\\]|\\\\[\\\\n\"])*)\"(,|$)");

    private ScrapedPage() {}

    /** The samples by labels, {@code __name__} among them. */
    static Map<SortedMap<String, String>, Double> read(String page) {
        Map<SortedMap<String, String>, Double> samples = new HashMap<>();
        for (String line : page.lines().toList()) {
            if (line.startsWith("#")) {
                continue;
            }
            Matcher sample = SAMPLE.matcher(line);
            assertThat(sample.matches()).as(line).isTrue();
            SortedMap<String, String> labels = new TreeMap<>(Map.of("__name__", sample.group("name")));
            Matcher label = LABEL.matcher(sample.group("labels"));
            int end = 0;
            while (label.lookingAt()) {
                labels.put(
                        label.group("name"),
                        label.group("value")
                                .replace("\\n", "\n")
                                .replace("\\\"", "\"")
                                .replace("\\\\", "\\"));
                end = label.end();
                label.region(end, sample.group("labels").length());
            }
            assertThat(end).as(line).isEqualTo(sample.group("labels").length());
            assertThat(samples.put(labels, Double.valueOf(sample.group("value"))))
                    .as("twice: " + line)
                    .isNull();
        }
        return samples;
    }
}
