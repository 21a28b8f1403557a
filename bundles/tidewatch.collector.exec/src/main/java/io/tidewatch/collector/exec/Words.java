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
final class Words extends SettingScanner {
    private static final String ACCEPTED = "words separated by blanks, in double quotes if they contain blanks";
    private static final Set<String> OF_SHELLS =
            Set.of("|", "||", "&", "&&", ";", "<", ">", ">>", "2>", "2>&1", ">/dev/null", "2>/dev/null");

    private Words(String key, String value) {
        super(key, value, ACCEPTED);
    }

    /** @throws InvalidSettingException if a quote has no end, or a word is meant for a shell; it names the place */
    static List<String> split(String key, String value) {
        Words line = new Words(key, value);
        if (value.indexOf(0) >= 0) {
            throw line.refused(value.indexOf(0), "no character 0");
        }
        List<String> words = new ArrayList<>();
        for (String word = line.next(); word != null; word = line.next()) {
            words.add(word);
        }
        return words;
    }

    private @Nullable String next() {
        skipWhile(Words::isBlank);
        if (position == value.length()) {
            return null;
        }
        int begin = position;
        StringBuilder word = new StringBuilder();
        while (position < value.length() && !isBlank(value.charAt(position))) {
            if (value.charAt(position) == '"') {
                word.append(quoted());
            } else {
                word.append(value.charAt(position++));
            }
        }
        String written = value.substring(begin, position);
        if (written.charAt(0) == '\'') {
            throw refused(begin, "double quotes, as single ones do not group");
        }
        if (OF_SHELLS.contains(written)) {
            throw refused(begin, "no '" + written + "', as there is no shell; write a script and run that");
        }
        return word.toString();
    }

    private static boolean isBlank(int c) {
        return c == ' ' || c == '\t' || c == '\n' || c == '\r';
    }
}
