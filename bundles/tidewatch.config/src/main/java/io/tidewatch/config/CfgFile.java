package io.tidewatch.config;

import io.tidewatch.api.config.FileFailure;
import io.tidewatch.api.config.RegularFile;
import io.tidewatch.config.Verdict.Problem;
import java.io.IOException;
import java.io.StringReader;
import java.nio.ByteBuffer;
import java.nio.CharBuffer;
import java.nio.charset.StandardCharsets;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Properties;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * What stands in a .cfg file, line by line.
 *
 * <p>Source: the format is that of {@link Properties#load(java.io.Reader)} in UTF-8, but every line has a {@code =} or
 * {@code :} behind its key. A byte order mark is skipped.
 *
 * @param lines the lines that could be read, in their order; a key may be there several times
 * @param flaws what is wrong with the others
 */
record CfgFile(List<Line> lines, List<Problem> flaws) {
    private static final Pattern KEY = Pattern.compile("((?:\\\\.|[^\\s=:\\\\])*)\\s*([=:]?).*", Pattern.DOTALL);

    /** One that is no escape of {@link Properties}, which drops the backslash silently. */
    private static final Pattern LOST_BACKSLASH = Pattern.compile("(?<!\\\\)(?:\\\\\\\\)*\\\\([^\\\\tnrfu:=#!\\s])");

    private static final int BYTE_ORDER_MARK = 0xFEFF;
    private static final int LONGEST_KEY_SHOWN = 60;
    private static final int LONGEST = 1 << 20;

    /**
     * A value.
     *
     * @param number of the line that it begins in, from 1
     * @param key without escapes
     * @param value without escapes, placeholders as written
     */
    record Line(int number, String key, String value) {}

    static final CfgFile EMPTY = new CfgFile(List.of(), List.of());

    /**
     * Reads a file of the configuration.
     *
     * @throws java.nio.file.NoSuchFileException if there is none
     * @throws IOException if it is no regular file, is longer than any configuration, or cannot be read
     */
    static byte[] bytes(Path file) throws IOException {
        return RegularFile.read(file, LONGEST);
    }

    /** What to report of a file that cannot be read. */
    static String unreadable(IOException failure) {
        return "cannot be read (" + FileFailure.reason(failure) + "); "
                + FileFailure.cure(failure, "put a readable file in its place");
    }

    /** What to report of a file that {@linkplain #isEmptied was emptied}. */
    static final String EMPTIED =
            "is empty, as after a power cut; write its keys again, or a comment if the defaults are" + " meant";

    /** Whether a file has not even a comment: an interrupted write leaves it so. */
    static boolean isEmptied(byte[] content) {
        return new String(content, StandardCharsets.ISO_8859_1).chars().allMatch(c -> "\0 \t\r\n".indexOf(c) >= 0);
    }

    /** By key, placeholders as written. */
    Map<String, String> values() {
        Map<String, String> values = new LinkedHashMap<>();
        lines.forEach(line -> values.put(line.key(), line.value()));
        return values;
    }

    /** Whether there are comments at most. */
    boolean isEmpty() {
        return lines.isEmpty() && flaws.isEmpty();
    }

    /** Reads a file; empty if there is none. */
    static Optional<byte[]> content(Path file) throws IOException {
        try {
            return Optional.of(bytes(file));
        } catch (NoSuchFileException e) {
            return Optional.empty();
        }
    }

    static CfgFile parse(byte[] content) {
        List<Line> lines = new ArrayList<>();
        List<Problem> flaws = new ArrayList<>();
        String mark = new String(content, 0, Math.min(2, content.length), StandardCharsets.ISO_8859_1);
        if (mark.equals("\u00FF\u00FE") || mark.equals("\u00FE\u00FF")) {
            return new CfgFile(lines, List.of(new Problem(0, "is UTF-16; save it as UTF-8", true)));
        }
        // A character for each byte: only a whole line is known to be UTF-8 or not.
        String[] physical = new String(content, StandardCharsets.ISO_8859_1).split("\r\n|\r|\n", -1);
        for (int i = 0; i < physical.length; i++) {
            int number = i + 1;
            String line = unindented(physical[i]);
            if (line.isEmpty() || line.equals("\\") || line.charAt(0) == '#' || line.charAt(0) == '!') {
                continue;
            }
            StringBuilder logical = new StringBuilder();
            while (isContinued(line)) {
                logical.append(line, 0, line.length() - 1);
                i++;
                line = i < physical.length ? unindented(physical[i]) : "";
            }
            read(number, logical.append(line).toString().getBytes(StandardCharsets.ISO_8859_1), lines, flaws);
        }
        return new CfgFile(lines, flaws);
    }

    private static String unindented(String line) {
        return line.replaceFirst("^[ \t\f]+", "");
    }

    private static boolean isContinued(String line) {
        int end = line.length();
        while (end > 0 && line.charAt(end - 1) == '\\') {
            end--;
        }
        return (line.length() - end) % 2 == 1;
    }

    /** Returns a line as text; null if it cannot be read, or is a comment behind a byte order mark. */
    private static @Nullable String decoded(int number, byte[] bytes, List<Problem> flaws) {
        ByteBuffer in = ByteBuffer.wrap(bytes);
        CharBuffer decoded = CharBuffer.allocate(bytes.length);
        if (StandardCharsets.UTF_8.newDecoder().decode(in, decoded, true).isError()) {
            int at = in.position();
            flaws.add(flaw(
                    number,
                    new String(bytes, StandardCharsets.ISO_8859_1),
                    String.format(
                            Locale.ROOT,
                            "is not UTF-8: byte 0x%02X at place %d; save the file in that encoding",
                            bytes[at] & 0xFF,
                            at + 1),
                    true));
            return null;
        }
        String text = decoded.flip().toString();
        if (number == 1 && !text.isEmpty() && text.charAt(0) == BYTE_ORDER_MARK) {
            text = text.substring(1).stripLeading();
            if (text.isEmpty() || text.charAt(0) == '#' || text.charAt(0) == '!') {
                return null;
            }
        }
        if (text.indexOf('\0') >= 0) {
            flaws.add(flaw(
                    number,
                    text.replace("\0", ""),
                    "has zero bytes, as after a power cut; write the line again",
                    true));
            return null;
        }
        return text;
    }

    private static void read(int number, byte[] bytes, List<Line> lines, List<Problem> flaws) {
        String text = decoded(number, bytes, flaws);
        if (text == null) {
            return;
        }
        Matcher matcher = KEY.matcher(text);
        if (!matcher.matches() || matcher.group(1).isEmpty() || matcher.group(2).isEmpty()) {
            flaws.add(flaw(number, text, "is the begin of a line without '=' (expected key = value)", true));
            return;
        }
        Properties properties = new Properties();
        try {
            properties.load(new StringReader(text));
        } catch (IOException | IllegalArgumentException e) {
            flaws.add(flaw(
                    number,
                    text,
                    "has a backslash that means nothing (expected \\uXXXX with four hexadecimal digits, or \\\\ for a"
                            + " backslash)",
                    true));
            return;
        }
        Matcher lost = LOST_BACKSLASH.matcher(text);
        if (lost.find()) {
            flaws.add(flaw(
                    number,
                    text,
                    "loses the backslash before '" + lost.group(1) + "', as .cfg files take one; write \\\\"
                            + lost.group(1),
                    false));
        }
        for (Map.Entry<Object, Object> entry : properties.entrySet()) {
            lines.add(new Line(number, (String) entry.getKey(), ((String) entry.getValue()).stripTrailing()));
        }
    }

    /** Begins with as much of the key as there is; has nothing of the value, which may be a secret. */
    private static Problem flaw(int number, String text, String complaint, boolean refused) {
        Matcher matcher = KEY.matcher(text);
        String key = matcher.matches() ? String.valueOf(matcher.group(1)) : "";
        String shown = key.length() > LONGEST_KEY_SHOWN ? key.substring(0, LONGEST_KEY_SHOWN) + "…" : key;
        return new Problem(number, shown, (shown + " " + complaint).strip(), refused);
    }
}
