package io.tidewatch.api.config;

import java.util.ArrayList;
import java.util.List;
import java.util.regex.Pattern;
import java.util.regex.PatternSyntaxException;

/**
 * A list of regular expressions, each over a whole name: {@code lo, docker.*, enx[0-9a-f]{12}}. Commas and white space
 * part them; a comma within brackets, braces or parentheses belongs to its expression, as in {@code eth{1,2}}.
 * Immutable.
 *
 * <p>Source: the syntax is that of {@link Pattern}. In a .cfg file a backslash is written twice, since the file's own
 * syntax takes one: {@code [0-9]} is easier to read than {@code \\d}.
 */
public final class NamePatterns {
    private static final String ACCEPTED = "regular expressions over whole names, separated by commas";

    private final String text;
    private final List<Pattern> patterns;

    private NamePatterns(String text, List<Pattern> patterns) {
        this.text = text;
        this.patterns = List.copyOf(patterns);
    }

    /**
     * Reads a list as an operator writes it; an empty one is accepted and matches nothing.
     *
     * @throws InvalidSettingException if an expression is malformed; the message names it and its place in the value
     */
    public static NamePatterns parse(String key, String value) {
        List<Pattern> patterns = new ArrayList<>();
        List<String> simple = new ArrayList<>();
        int begin = 0;
        while (begin < value.length()) {
            int end = endOfItem(value, begin);
            String item = value.substring(begin, end);
            if (!item.isEmpty()) {
                Pattern pattern = compile(key, value, item, begin);
                if (isSimple(item)) {
                    simple.add(item);
                } else {
                    patterns.add(pattern);
                }
            }
            begin = end + 1;
        }
        if (!simple.isEmpty()) {
            // Each search costs memory, however short: one search for all of them.
            patterns.add(0, Pattern.compile(String.join("|", simple)));
        }
        return new NamePatterns(value.strip(), patterns);
    }

    /** Where the next comma or white space outside of brackets is, or the end of the value. */
    private static int endOfItem(String value, int begin) {
        int groups = 0;
        int classes = 0;
        for (int i = begin; i < value.length(); i++) {
            char c = value.charAt(i);
            switch (c) {
                case '\\' -> i++;
                case '[' -> classes++;
                case ']' -> classes = Math.max(0, classes - 1);
                case '(', '{' -> groups += classes == 0 ? 1 : 0;
                case ')', '}' -> groups -= classes == 0 && groups > 0 ? 1 : 0;
                default -> {
                    if (groups == 0 && classes == 0 && (c == ',' || Character.isWhitespace(c))) {
                        return i;
                    }
                }
            }
        }
        return value.length();
    }

    /** Whether it means the same beside others: no quote that runs on, no flag, no number or name of a group. */
    private static boolean isSimple(String expression) {
        return expression.indexOf('\\') < 0 && !expression.contains("(?");
    }

    private static Pattern compile(String key, String value, String expression, int begin) {
        try {
            return Pattern.compile(expression);
        } catch (PatternSyntaxException e) {
            int position = begin + Math.max(0, e.getIndex()) + 1;
            InvalidSettingException invalid = new InvalidSettingException(
                    key,
                    value,
                    ACCEPTED + "; at position " + position + ", in '" + expression + "': " + e.getDescription());
            invalid.initCause(e);
            throw invalid;
        }
    }

    /** Whether one of the expressions matches the whole name. */
    public boolean matches(String name) {
        return patterns.stream().anyMatch(pattern -> pattern.matcher(name).matches());
    }

    /** As it was written. */
    @Override
    public String toString() {
        return text;
    }
}
