package io.tidewatch.itest.outside;

import java.util.Set;
import java.util.TreeSet;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** An expression in PromQL, as far as the names in it go. */
record PromExpression(String where, String text) {
    private static final Pattern OTHER = Pattern.compile(
            "\"(?:[^\"\\\\]|\\\\.)*\"" // strings
                    + "|\\{(?:[^\"}]|\"(?:[^\"\\\\]|\\\\.)*\")*\\}" // matchers
                    + "|\\[[^\\]]*\\]" // ranges
                    + "|\\b(?:and|or|unless|offset|bool)\\b"
                    + "|\\b\\d[\\w.]*");

    /** Between an aggregation and what it is of. */
    private static final Pattern CLAUSE =
            Pattern.compile("\\b(?:by|without|on|ignoring|group_left|group_right)\\s*\\([^)]*\\)");

    private static final Pattern NAME = Pattern.compile("[a-zA-Z_][a-zA-Z0-9_]*(?!\\w|\\s*\\()");

    /** The metrics that it asks for. */
    Set<String> metrics() {
        Set<String> names = new TreeSet<>();
        Matcher name = NAME.matcher(
                CLAUSE.matcher(OTHER.matcher(text).replaceAll(" ; ")).replaceAll(" "));
        while (name.find()) {
            names.add(name.group());
        }
        return names;
    }

    @Override
    public String toString() {
        return where + ": " + text;
    }
}
