package io.tidewatch.command.tail;

import io.tidewatch.api.collector.PrometheusName;
import io.tidewatch.api.store.Series;
import io.tidewatch.config.Nearest;
import java.util.List;
import java.util.Optional;
import java.util.TreeSet;
import java.util.function.Predicate;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/**
 * Metrics that an operator names: dotted as they are stored, or as in PromQL, also with {@code *} for any characters and
 * {@code ?} for one.
 */
final class MetricChoice implements Predicate<Series> {
    private final String text;
    private final Pattern pattern;

    MetricChoice(String text) {
        this.text = text;
        pattern = Pattern.compile(text.codePoints()
                .mapToObj(c -> switch (c) {
                    case '*' -> ".*";
                    case '?' -> ".";
                    default -> Pattern.quote(Character.toString(c));
                })
                .collect(Collectors.joining()));
    }

    @Override
    public boolean test(Series series) {
        return pattern.matcher(series.name()).matches()
                || pattern.matcher(promQl(series)).matches();
    }

    /** Returns what is wrong with it if it chooses none of the series that there are. */
    Optional<String> problem(List<Series> all) {
        if (all.stream().anyMatch(this)) {
            return Optional.empty();
        }
        TreeSet<String> names = all.stream()
                .flatMap(series -> Stream.of(series.name(), promQl(series)))
                .collect(Collectors.toCollection(TreeSet::new));

        String start = text.split("[*?]", 2)[0];
        Optional<String> beginning = names.stream()
                .filter(name -> !start.isEmpty() && name.startsWith(start))
                .findFirst();
        return Optional.of("no metric '" + text + "'"
                + beginning
                        .or(() -> Nearest.of(start, names))
                        .map(name -> ", did you mean '" + name + "'?")
                        .orElse("; 'tidewatch tail' without --metric shows all"));
    }

    private static String promQl(Series series) {
        return PrometheusName.of(series.name(), series.kind(), series.unit());
    }
}
