package io.tidewatch.collector.exec;

import io.tidewatch.api.config.InvalidSettingException;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * Splits a line into words: blanks separate them, double quotes group, a backslash within quotes takes the next character as it
 * is. There is no shell, and what would be an instruction to one is refused.
 */
final class Words {
    private static final String ACCEPTED = "words separated by blanks, in double quotes if they contain blanks";
    private static final Set<String> OF_SHELLS =
            Set.of("|", "||", "&", "&&", ";", "<", ">", ">>", "2>", "2>&1", ">/dev/null", "2>/dev/null");

    private final String key;
    private final String value;
    private final List<String> words = new ArrayList<>();
    private int position;

    private Words(String key, String value) {
        this.key = key;
        this.value = value;
    }

    /**
     * Splits a value.
     *
     * @throws InvalidSettingException if a quote has no end, or a word is meant for a shell; the message names the place
     */
    static List<String> split(String key, String value) {
        Words words = new Words(key, value);
        if (value.indexOf(0) >= 0) {
            throw words.refused(value.indexOf(0) + 1, "no character 0");
        }
        for (String word = words.next(); word != null; word = words.next()) {
            words.words.add(word);
        }
        return words.words;
    }

    private @Nullable String next() {
        while (position < value.length() && isBlank(value.charAt(position))) {
            position++;
        }
        if (position == value.length()) {
            return null;
        }
        int begin = position;
        StringBuilder word = new StringBuilder();
        while (position < value.length() && !isBlank(value.charAt(position))) {
            char c = value.charAt(position++);
            if (c == '"') {
                quoted(word);
            } else {
                word.append(c);
            }
        }
        String written = value.substring(begin, position);
        if (written.charAt(0) == '\'') {
            throw refused(begin + 1, "double quotes, as single ones do not group");
        }
        if (OF_SHELLS.contains(written)) {
            throw refused(begin + 1, "no '" + written + "', as there is no shell; write a script and run that");
        }
        return word.toString();
    }

    private void quoted(StringBuilder word) {
        int begin = position;
        while (position < value.length()) {
            char c = value.charAt(position++);
            if (c == '"') {
                return;
            }
            if (c == '\\' && position < value.length()) {
                c = value.charAt(position++);
            }
            word.append(c);
        }
        throw refused(begin, "a second double quote, as the one here has no end");
    }

    private static boolean isBlank(char c) {
        return c == ' ' || c == '\t' || c == '\n' || c == '\r';
    }

    private InvalidSettingException refused(int place, String expected) {
        return new InvalidSettingException(key, value, ACCEPTED + "; at position " + place + ": " + expected);
    }
}
