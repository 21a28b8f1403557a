package io.tidewatch.page.query;

import io.tidewatch.api.store.Series;
import io.tidewatch.jsonlines.WireLabels;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.SortedMap;

/** Selects series by their labels: lists of conditions, of which one must be fulfilled. Immutable. */
public final class Selector {
    private final List<List<LabelMatcher>> alternatives;

    Selector(List<List<LabelMatcher>> alternatives) {
        this.alternatives = List.copyOf(alternatives);
    }

    /** @throws BadQueryException if it is none; the message names the place */
    public static Selector parse(String text) throws BadQueryException {
        ExpressionSize.check(text);
        return new SelectorParser(text).parse();
    }

    /** One that accepts what one of these does. */
    public static Selector anyOf(Collection<String> texts) throws BadQueryException {
        ExpressionSize.check(String.join(" ", texts));
        List<List<LabelMatcher>> all = new ArrayList<>();
        for (String text : texts) {
            all.addAll(parse(text).alternatives);
        }
        return new Selector(all);
    }

    public static Selector everything() {
        return new Selector(List.of(List.of()));
    }

    /** All labels that a series has on a server, with {@code __name__} and {@code device_id}. */
    public static SortedMap<String, String> labels(Series series) {
        SortedMap<String, String> labels = WireLabels.ofTags(series);
        labels.put(WireLabels.NAME, WireLabels.metricName(series));
        labels.put(WireLabels.DEVICE, series.deviceId());
        return labels;
    }

    /** @param labels those of {@link #labels(Series)} */
    public boolean accepts(Map<String, String> labels) {
        return alternatives.stream()
                .anyMatch(matchers -> matchers.stream().allMatch(matcher -> matcher.accepts(labels)));
    }
}
