package io.tidewatch.procfs;

import java.nio.charset.StandardCharsets;
import java.nio.file.Path;

/**
 * A cursor over lines of fields separated by blanks, as the kernel writes them: {@code cpu0 10 20 30}. Blanks are space
 * and tab. Numbers and comparisons allocate nothing.
 *
 * <pre>{@code
 * Fields fields = file.read();
 * while (fields.nextLine()) {
 *     if (fields.skip("MemTotal:")) {
 *         total = fields.number() * 1024;
 *     }
 * }
 * }</pre>
 *
 * <p>Not safe for use by several threads.
 */
public final class Fields {
    private static final int SHOWN = 40;

    /** A number below it takes one more digit without an overflow. */
    private static final long MOST_DIGITS = 100_000_000_000_000_000L;

    private final Path file;
    private final byte[] text;
    private final int length;
    private int line;
    private int lineEnd = -1;
    private int position;

    /**
     * @param file named in errors
     * @param text the text; not copied
     * @param length how much of it counts
     */
    public Fields(Path file, byte[] text, int length) {
        this.file = file;
        this.text = text;
        this.length = length;
    }

    /**
     * Goes to the start of the next line, the first one at the first call.
     *
     * @return false at the end of the text
     */
    public boolean nextLine() {
        int start = lineEnd + 1;
        if (start >= length) {
            position = length;
            lineEnd = length;
            return false;
        }
        line++;
        position = start;
        lineEnd = start;
        while (lineEnd < length && text[lineEnd] != '\n') {
            lineEnd++;
        }
        return true;
    }

    /** Whether another field stands on this line. */
    public boolean hasNext() {
        skipBlanks();
        return position < lineEnd;
    }

    /**
     * Passes over the next field if it is {@code expected}.
     *
     * @return whether it was; if not, the cursor stays before it
     */
    public boolean skip(String expected) {
        int end = fieldEnd();
        if (end - position != expected.length() || !startsWith(expected)) {
            return false;
        }
        position = end;
        return true;
    }

    /**
     * Passes over the start of the next field if it is {@code prefix}, as {@code total=} in {@code total=17}; the rest is
     * then the next field.
     *
     * @return whether it was; if not, the cursor stays before it
     */
    public boolean skipPrefix(String prefix) {
        if (!startsWith(prefix)) {
            return false;
        }
        position += prefix.length();
        return true;
    }

    /** Passes over the next field, if there is one. */
    public void skipField() {
        position = fieldEnd();
    }

    /** Whether the next field starts with {@code prefix}; the cursor stays. */
    public boolean startsWith(String prefix) {
        skipBlanks();
        if (lineEnd - position < prefix.length()) {
            return false;
        }
        for (int i = 0; i < prefix.length(); i++) {
            if (text[position + i] != (byte) prefix.charAt(i)) {
                return false;
            }
        }
        return true;
    }

    /**
     * The next field as a text.
     *
     * @throws ProcFormatException if the line has no further field
     */
    public String word() throws ProcFormatException {
        int end = requireField("a field");
        String word = new String(text, position, end - position, StandardCharsets.UTF_8);
        position = end;
        return word;
    }

    /**
     * The next field as an unsigned decimal number. The kernel's 64-bit counters wrap at 2^64; a value over 2^63-1 is
     * returned as that maximum, which a rate computation takes for a counter that went back.
     *
     * @throws ProcFormatException if the line has no further field, or the field is not all digits
     */
    public long number() throws ProcFormatException {
        int end = requireField("a number");
        long number = digits(end);
        position = end;
        return number;
    }

    /**
     * The next field as a decimal number, with or without a sign: {@code -5000}.
     *
     * @throws ProcFormatException if the line has no further field, or the field is not a sign and digits
     */
    public long signedNumber() throws ProcFormatException {
        boolean negative = startsWith("-");
        if (!negative) {
            return number();
        }
        position++;
        if (position < lineEnd && isBlank(text[position])) {
            throw error("a number");
        }
        return -number();
    }

    /**
     * The next field as a decimal number with or without a fraction: {@code 12345.67}. Of its digits the first 18 count.
     *
     * @return a number from 0 on, the double nearest to the text of up to 15 digits
     * @throws ProcFormatException if the line has no further field, or the field is not digits with at most one point
     *     between them
     */
    public double decimal() throws ProcFormatException {
        int end = requireField("a decimal number");
        long digits = 0;
        double scale = 1;
        int point = -1;
        for (int i = position; i < end; i++) {
            int digit = text[i] - '0';
            if (text[i] == '.' && point < 0 && i > position && i < end - 1) {
                point = i;
            } else if (digit < 0 || digit > 9) {
                throw error("a decimal number");
            } else if (digits < MOST_DIGITS) {
                digits = digits * 10 + digit;
                scale = point < 0 ? scale : scale * 10;
            } else {
                scale = point < 0 ? scale / 10 : scale;
            }
        }
        position = end;
        return digits / scale;
    }

    /**
     * The digits before a separator within the next field, as {@code 2} in {@code 2/345}; the cursor goes behind the
     * separator.
     *
     * @throws ProcFormatException if the field does not begin with digits and then the separator
     */
    public long numberBefore(char separator) throws ProcFormatException {
        int end = requireField("a number");
        int stop = position;
        while (stop < end && text[stop] != (byte) separator) {
            stop++;
        }
        if (stop == end || stop == position) {
            throw error("a number and '" + separator + "'");
        }
        long number = digits(stop);
        position = stop + 1;
        return number;
    }

    /**
     * The text before the last separator of the line, blanks around it removed, as {@code eth0} in
     * {@code "  eth0: 1 2"}; the cursor goes behind the separator.
     *
     * @throws ProcFormatException if the line has no such separator, or nothing before it
     */
    public String textBeforeLast(char separator) throws ProcFormatException {
        skipBlanks();
        int stop = lineEnd - 1;
        while (stop > position && text[stop] != (byte) separator) {
            stop--;
        }
        if (stop <= position) {
            throw error("a name and '" + separator + "'");
        }
        String before = new String(text, position, stop - position, StandardCharsets.UTF_8).strip();
        position = stop + 1;
        return before;
    }

    /** The rest of the line without the blanks around it; empty at its end. */
    public String rest() {
        skipBlanks();
        String rest = new String(text, position, lineEnd - position, StandardCharsets.UTF_8);
        position = lineEnd;
        return rest.strip();
    }

    /** An exception that names this place; {@code expected} ends the sentence "expected …". */
    public ProcFormatException error(String expected) {
        int start = Math.min(position, lineEnd);
        int shown = Math.min(SHOWN, Math.max(0, lineEnd - start));
        String found =
                new String(text, Math.max(0, start), shown, StandardCharsets.UTF_8).replaceAll("\\p{Cntrl}", "?");
        return new ProcFormatException(file, Math.max(1, line), expected, found);
    }

    private long digits(int end) throws ProcFormatException {
        long number = 0;
        for (int i = position; i < end; i++) {
            int digit = text[i] - '0';
            if (digit < 0 || digit > 9) {
                throw error("a number");
            }
            if (number > (Long.MAX_VALUE - digit) / 10) {
                number = Long.MAX_VALUE;
            } else if (number != Long.MAX_VALUE) {
                number = number * 10 + digit;
            }
        }
        return number;
    }

    private int requireField(String expected) throws ProcFormatException {
        int end = fieldEnd();
        if (end == position) {
            throw error(expected);
        }
        return end;
    }

    private int fieldEnd() {
        skipBlanks();
        int end = position;
        while (end < lineEnd && !isBlank(text[end])) {
            end++;
        }
        return end;
    }

    private void skipBlanks() {
        while (position < lineEnd && isBlank(text[position])) {
            position++;
        }
    }

    private static boolean isBlank(byte b) {
        return b == ' ' || b == '\t';
    }
}
