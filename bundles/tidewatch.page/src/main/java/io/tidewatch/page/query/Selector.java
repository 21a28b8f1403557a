package io.tidewatch.page.query;

import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Map;

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

    /** @param labels all labels of a series, with {@code __name__} */
    public boolean accepts(Map<String, String> labels) {
        return alternatives.stream()
                .anyMatch(matchers -> matchers.stream().allMatch(matcher -> matcher.accepts(labels)));
    }
}
