package io.tidewatch.collector.exec;

import io.tidewatch.api.config.InvalidSettingException;
import java.util.function.IntPredicate;

/** Reads the value of a key from its beginning, and names the place where it goes wrong. */
abstract class SettingScanner {
    final String value;
    int position;
    private final String key;
    private final String accepted;

    SettingScanner(String key, String value, String accepted) {
        this.key = key;
        this.value = value;
        this.accepted = accepted;
    }

    final void skipWhile(IntPredicate skipped) {
        while (position < value.length() && skipped.test(value.charAt(position))) {
            position++;
        }
    }

    /** Reads a text in double quotes from the first quote on; a backslash takes the next character as it is. */
    final String quoted() {
        int begin = position++;
        StringBuilder text = new StringBuilder();
        while (position < value.length()) {
            char c = value.charAt(position++);
            if (c == '"') {
                return text.toString();
            }
            if (c == '\\' && position < value.length()) {
                c = value.charAt(position++);
            }
            text.append(c);
        }
        throw refused(begin, "a second double quote, as the one here has no end");
    }

    /** @param place index of the character where it goes wrong */
    final InvalidSettingException refused(int place, String expected) {
        return new InvalidSettingException(key, value, accepted + "; at position " + (place + 1) + ": " + expected);
    }
}
