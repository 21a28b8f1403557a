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
 * <p>What takes a field throws a {@link ProcFormatException} if the line has no further one, or if that is something else.
 * Not safe for use by several threads.
 */
public final class Fields {
    /** What {@link #number} returns for 2^63 or more, which no counter reaches: it is negative, or has wrapped. */
    public static final long OVERFLOW = Long.MAX_VALUE;

    private static final int SHOWN = 40;

    private final Path file;
    private final byte[] text;
    private final int length;
    private int line;
    private int lineStart;
    private int lineEnd;
    private int nextStart;
    private int position;

    /** Where the field begins that was taken last. */
    private int taken;

    /** @param text not copied; of it {@code length} bytes count */
    public Fields(Path file, byte[] text, int length) {
        this.file = file;
        this.text = text;
        this.length = length;
    }

    /** Goes to the start of the next line, the first one at the first call; returns false at the end of the text. */
    public boolean nextLine() {
        boolean present = nextStart < length;
        lineStart = present ? nextStart : length;
        position = lineStart;
        lineEnd = lineStart;
        if (present) {
            line++;
            taken = lineStart;
            while (lineEnd < length && text[lineEnd] != '\n') {
                lineEnd++;
            }
            nextStart = lineEnd + 1;
        }
        return present;
    }

    /** Number of the line that the cursor is at, from 1. */
    public int lineNumber() {
        return Math.max(1, line);
    }

    /** Whether the next field starts with a letter of ASCII, as the names of rows do; the cursor stays. */
    public boolean startsWithLetter() {
        skipBlanks();
        int letter = position < lineEnd ? text[position] | 0x20 : 0;
        return letter >= 'a' && letter <= 'z';
    }

    /** Whether another field stands on this line. */
    public boolean hasNext() {
        skipBlanks();
        return position < lineEnd;
    }

    /** Passes over the next field if it is {@code expected}; returns whether it was, and else stays before it. */
    public boolean skip(String expected) {
        int end = fieldEnd();
        if (end - position != expected.length() || !startsWith(expected)) {
            return false;
        }
        take(end);
        return true;
    }

    /** Passes over the start of the next field if it is {@code prefix}, as {@code total=} in {@code total=17}; returns whether. */
    public boolean skipPrefix(String prefix) {
        if (!startsWith(prefix)) {
            return false;
        }
        position += prefix.length();
        return true;
    }

    /** Passes over the next field, if there is one. */
    public void skipField() {
        take(fieldEnd());
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

    /** The next field as a text. */
    public String word() throws ProcFormatException {
        int end = requireField("a field");
        String word = new String(text, position, end - position, StandardCharsets.UTF_8);
        take(end);
        return word;
    }

    /** The next field as an unsigned decimal number; {@link #OVERFLOW} for one of 2^63 or more. */
    public long number() throws ProcFormatException {
        return whole(requireField("a number"));
    }

    /** The same of a number that must be below 2^63; the exception then says "expected {@code what} below 2^63". */
    public long number(String what) throws ProcFormatException {
        long number = number();
        if (number == OVERFLOW) {
            throw rejected(what + " below 2^63");
        }
        return number;
    }

    /** The next field as a decimal number, with or without a sign: {@code -5000}. */
    public long signedNumber() throws ProcFormatException {
        if (!startsWith("-")) {
            return number();
        }
        int sign = position++;
        if (position < lineEnd && isBlank(text[position])) {
            throw error("a number");
        }
        long number = -number();
        taken = sign;
        return number;
    }

    /**
     * The next field as a decimal number from 0 on with or without a fraction: {@code 12345.67}. Of its digits the first
     * 18 count; of up to 15, it is the nearest double.
     */
    public double decimal() throws ProcFormatException {
        int end = requireField("a decimal number");
        double number = Digits.decimal(text, position, end);
        if (number < 0) {
            throw error("a decimal number");
        }
        take(end);
        return number;
    }

    /** The digits before a separator within the next field, as {@code 2} in {@code 2/345}; the cursor goes behind that. */
    public long numberBefore(char separator) throws ProcFormatException {
        int end = requireField("a number");
        int stop = position;
        while (stop < end && text[stop] != (byte) separator) {
            stop++;
        }
        if (stop == end || stop == position) {
            throw error("a number and '" + separator + "'");
        }
        long number = whole(stop);
        position++;
        return number;
    }

    /**
     * The text before the last separator of the line, blanks around it removed, as {@code eth0} in
     * {@code "  eth0: 1 2"}; the cursor goes behind the separator.
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
        take(stop + 1);
        return before;
    }

    /** The rest of the line without the blanks around it; empty at its end. */
    public String rest() {
        skipBlanks();
        String rest = new String(text, position, lineEnd - position, StandardCharsets.UTF_8);
        position = lineEnd;
        return rest.strip();
    }

    /**
     * The rest of the line as a name that a driver chose, without the blanks around it and with nothing in it that is no
     * text; {@code expected} ends the sentence "expected …".
     */
    public String name(String expected) throws ProcFormatException {
        if (!hasNext()) {
            throw error(expected);
        }
        int end = lineEnd;
        while (isBlank(text[end - 1])) {
            end--;
        }
        String name = new String(text, position, end - position, StandardCharsets.UTF_8);
        // Bytes that are not UTF-8 become U+FFFD.
        if (!name.chars().allMatch(c -> c != 0xFFFD && !Character.isISOControl(c))) {
            throw error(expected);
        }
        take(lineEnd);
        return name;
    }

    /** An exception that shows the text from the cursor on; {@code expected} ends the sentence "expected …". */
    public ProcFormatException error(String expected) {
        return error(expected, position);
    }

    /** An exception that shows the text from the field on that was taken last: one that could be read and cannot be right. */
    public ProcFormatException rejected(String expected) {
        return error(expected, taken);
    }

    /** An exception for something that the text does not contain at all; {@code what} as in "has no line 'btime'". */
    public ProcFormatException missing(String what) {
        return new ProcFormatException(file, what);
    }

    private ProcFormatException error(String expected, int begin) {
        int start = Math.min(begin, lineEnd);
        while (start < lineEnd && isBlank(text[start])) {
            start++;
        }
        boolean atEnd = start == lineEnd;
        int from = atEnd ? Math.max(lineStart, lineEnd - SHOWN) : start;
        String shown = new String(text, from, Math.min(SHOWN, lineEnd - from), StandardCharsets.UTF_8)
                .replaceAll("\\p{Cntrl}", "?");
        return new ProcFormatException(file, lineNumber(), expected, (atEnd ? "the end of '" : "'") + shown + "'");
    }

    private long whole(int end) throws ProcFormatException {
        long number = Digits.whole(text, position, end);
        if (number < 0) {
            throw error("a number");
        }
        take(end);
        return number;
    }

    private int requireField(String expected) throws ProcFormatException {
        int end = fieldEnd();
        if (end == position) {
            throw error(expected);
        }
        return end;
    }

    private void take(int end) {
        taken = position;
        position = end;
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
