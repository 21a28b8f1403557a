package io.tidewatch.exposition;

import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * The metric families of a source, from the comment lines of its pages. Kept from page to page: lines that say the same again
 * allocate nothing. Not safe for use by several threads.
 */
final class Families {
    private static final byte[] HELP = ascii("HELP");
    private static final byte[] TYPE = ascii("TYPE");
    private static final byte[] UNIT = ascii("UNIT");
    private static final byte[] EOF = ascii("EOF");
    private static final byte[] NOTHING = {};
    private static final Pattern ESCAPES_OF_HELP = Pattern.compile("\\\\([\\\\n])");

    private final int most;
    private final ByteMap<Known> known = new ByteMap<>();
    private @Nullable Known current;

    /** A family with the text of its lines, to see whether they change. */
    private static final class Known {
        private final byte[] name;
        private byte[] help = NOTHING;
        private byte[] type = NOTHING;
        private MetricFamily family;

        Known(byte[] name) {
            this.name = name;
            family = new MetricFamily(new String(name, StandardCharsets.UTF_8), MetricFamily.Type.UNKNOWN, "");
        }

        boolean owns(byte[] line, int from, int to) {
            int length = name.length;
            return to - from >= length
                    && Arrays.equals(name, 0, length, line, from, from + length)
                    && (to - from == length || family.type().ownsSuffix(line, from + length, to));
        }
    }

    Families(int most) {
        this.most = most;
    }

    void begin() {
        current = null;
        if (known.size() >= most) {
            known.removeIf(family -> true);
        }
    }

    /**
     * Takes a line that begins with {@code #}; returns whether it is {@code # EOF}.
     *
     * @throws MalformedException if it is a TYPE, HELP or UNIT line that does not follow the format
     */
    boolean comment(byte[] line, int from, int to) throws MalformedException {
        int keyword = blanks(line, from + 1, to);
        int keywordEnd = token(line, keyword, to);
        boolean ofFormat = keyword > from + 1;
        if (ofFormat && is(EOF, line, keyword, keywordEnd)) {
            return true;
        }
        boolean help = is(HELP, line, keyword, keywordEnd);
        boolean type = is(TYPE, line, keyword, keywordEnd);
        if (!ofFormat || !(help || type || is(UNIT, line, keyword, keywordEnd))) {
            return false;
        }
        int name = blanks(line, keywordEnd, to);
        int nameEnd = token(line, name, to);
        if (name == nameEnd) {
            throw new MalformedException(name - from + 1, "expected the name of a metric, found the end of the line");
        }
        // The name of a family in UTF-8 is in quotes.
        boolean quoted = nameEnd - name >= 2 && line[name] == '"' && line[nameEnd - 1] == '"';
        Known family = known(line, quoted ? name + 1 : name, quoted ? nameEnd - 1 : nameEnd);
        current = family;
        int text = blanks(line, nameEnd, to);
        if (help) {
            setHelp(family, line, text, to);
        } else if (type) {
            setType(family, line, from, text, to);
        }
        return false;
    }

    /** Returns the family of a sample whose name is in the range, or null. */
    @Nullable
    MetricFamily of(byte[] line, int from, int to) {
        Known newest = current;
        if (newest != null && newest.owns(line, from, to)) {
            return newest.family;
        }
        Known exact = known.get(line, from, to);
        if (exact != null) {
            return exact.family;
        }
        for (int i = to - 1; i > from; i--) {
            if (line[i] == '_') {
                Known candidate = known.get(line, from, i);
                return candidate != null && candidate.owns(line, from, to) ? candidate.family : null;
            }
        }
        return null;
    }

    private Known known(byte[] line, int from, int to) {
        Known newest = current;
        if (newest != null && Arrays.equals(newest.name, 0, newest.name.length, line, from, to)) {
            return newest;
        }
        Known there = known.get(line, from, to);
        if (there != null) {
            return there;
        }
        Known made = new Known(Arrays.copyOfRange(line, from, to));
        if (known.size() < most) {
            known.put(line, from, to, made);
        }
        return made;
    }

    private static void setHelp(Known family, byte[] line, int from, int to) {
        if (!Arrays.equals(family.help, 0, family.help.length, line, from, to)) {
            family.help = Arrays.copyOfRange(line, from, to);
            String text = unescaped(new String(family.help, StandardCharsets.UTF_8), ESCAPES_OF_HELP);
            family.family = new MetricFamily(family.family.name(), family.family.type(), text);
        }
    }

    private static void setType(Known family, byte[] line, int begin, int from, int to) throws MalformedException {
        int end = token(line, from, to);
        if (Arrays.equals(family.type, 0, family.type.length, line, from, end)) {
            return;
        }
        MetricFamily.Type type =
                MetricFamily.Type.named(new String(line, from, end - from, StandardCharsets.ISO_8859_1));
        if (type == null) {
            throw new MalformedException(
                    from - begin + 1,
                    "expected counter, gauge, histogram, summary, untyped or a type of OpenMetrics, found "
                            + Quoted.of(line, from, end));
        }
        family.type = Arrays.copyOfRange(line, from, end);
        family.family = new MetricFamily(family.family.name(), type, family.family.help());
    }

    /** Replaces escapes, of which the only letter is n. */
    static String unescaped(String text, Pattern escapes) {
        return escapes.matcher(text)
                .replaceAll(escape -> escape.group(1).equals("n") ? "\n" : Matcher.quoteReplacement(escape.group(1)));
    }

    private static boolean is(byte[] word, byte[] line, int from, int to) {
        return Arrays.equals(word, 0, word.length, line, from, to);
    }

    /** Returns the index behind the blanks at an index. */
    static int blanks(byte[] line, int from, int to) {
        int at = from;
        while (at < to && (line[at] == ' ' || line[at] == '\t')) {
            at++;
        }
        return at;
    }

    /** Returns the index behind what is no blank at an index. */
    static int token(byte[] line, int from, int to) {
        int at = from;
        while (at < to && line[at] != ' ' && line[at] != '\t') {
            at++;
        }
        return at;
    }

    private static byte[] ascii(String word) {
        return word.getBytes(StandardCharsets.US_ASCII);
    }
}
