package io.tidewatch.page.query;

import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * Bounds what the regular expressions of a query become when they are compiled: RE2/J writes out what is repeated, and
 * {@code (a{1000}){1000}} alone is more than the heap of the agent, which ends when its heap is full. Unlike RE2 it has no
 * bound of its own (<a href="https://github.com/google/re2/wiki/Syntax">Syntax</a>, on counting forms).
 */
final class ExpressionSize {
    /** In characters of an expression without counts: 3 MB while it is compiled. */
    private static final double LARGEST = 20_000;

    /** A class of Unicode is a table. */
    private static final int CLASS = 300;

    /** The compiler calls itself for each group. */
    private static final int GROUP = 50;

    private static final Pattern EXPRESSION = Pattern.compile("=~|!~");
    private static final Pattern COUNT = Pattern.compile("(?<=.)\\{(\\d{1,4})(?:,(\\d{0,4}))?}", Pattern.DOTALL);
    private static final Pattern CLASSES = Pattern.compile("\\\\[pP]");
    private static final Pattern GROUPS = Pattern.compile("\\(");

    private ExpressionSize() {}

    /** @throws BadQueryException if the expressions of these selectors may become too large */
    static void check(String selectors) throws BadQueryException {
        if (!EXPRESSION.matcher(selectors).find()) {
            return;
        }
        double size = selectors.length()
                + (double) CLASS * CLASSES.matcher(selectors).results().count()
                + (double) GROUP * GROUPS.matcher(selectors).results().count();
        double groups = 1;
        Matcher counts = COUNT.matcher(selectors);
        while (counts.find()) {
            String most = counts.group(2) == null || counts.group(2).isEmpty() ? counts.group(1) : counts.group(2);
            if (")}*+?".contains(selectors.substring(counts.start() - 1, counts.start()))) {
                groups *= Math.max(1, Integer.parseInt(most));
            } else {
                size += Integer.parseInt(most);
            }
        }
        if (size * groups > LARGEST) {
            throw new BadQueryException("the regular expressions are too large; take smaller counts such as {3}, fewer"
                    + " groups, or several queries");
        }
    }
}
