package io.tidewatch.page.query;

import com.google.re2j.Pattern;
import com.google.re2j.PatternSyntaxException;
import java.util.Map;
import java.util.function.Predicate;

/**
 * A condition on one label, as PromQL has it: a label that is absent has the empty value, and a regular expression must
 * match all of the value. Expressions are those of RE2, matched in time linear to the value. Immutable.
 */
record LabelMatcher(String label, Predicate<String> matches) {
    /** @param operator {@code =}, {@code !=}, {@code =~} or {@code !~} */
    static LabelMatcher of(String label, String operator, String value) throws BadQueryException {
        Predicate<String> positive = operator.endsWith("~") ? expression(label, value) : value::equals;
        return new LabelMatcher(label, operator.startsWith("!") ? positive.negate() : positive);
    }

    private static Predicate<String> expression(String label, String value) throws BadQueryException {
        try {
            Pattern pattern = Pattern.compile(value, Pattern.DOTALL);
            return text -> pattern.matcher(text).matches();
        } catch (PatternSyntaxException e) {
            throw new BadQueryException(
                    "the value of " + label + " is no regular expression of RE2: " + e.getMessage());
        }
    }

    boolean accepts(Map<String, String> labels) {
        return matches.test(labels.getOrDefault(label, ""));
    }

    /** Whether a series without the label fulfils it. */
    boolean acceptsAbsence() {
        return matches.test("");
    }
}
