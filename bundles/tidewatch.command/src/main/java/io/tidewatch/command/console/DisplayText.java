package io.tidewatch.command.console;

import java.util.ArrayList;
import java.util.List;

/** Text as a terminal shows it: how wide it is, and what may be shown at all. */
public final class DisplayText {
    private DisplayText() {}

    /**
     * Text from elsewhere in one line, without what could steer a terminal: control characters, escapes, direction marks
     * and line ends become blanks.
     */
    public static String plain(String text) {
        return text.replaceAll("[\\p{C}\\p{Zl}\\p{Zp}]", " ").strip();
    }

    public static int width(String text) {
        return text.codePoints().map(DisplayText::width).sum();
    }

    public static String padded(String text, int width) {
        return text + " ".repeat(Math.max(0, width - width(text)));
    }

    /** Cut to a width, with an ellipsis where something is missing. */
    public static String cut(String text, int width) {
        if (width(text) <= width) {
            return text;
        }
        return head(text, width - 1) + "…";
    }

    /** In lines of at most this width, broken at blanks where there are any. */
    public static List<String> wrapped(String text, int width) {
        List<String> lines = new ArrayList<>();
        String rest = text.strip();
        while (width(rest) > width) {
            String head = head(rest, width);
            int blank = rest.startsWith(" ", head.length()) ? head.length() : head.lastIndexOf(' ');
            int end = blank > 0 ? blank : Math.max(head.length(), Character.charCount(rest.codePointAt(0)));
            lines.add(rest.substring(0, end).stripTrailing());
            rest = rest.substring(end).stripLeading();
        }
        if (!rest.isEmpty() || lines.isEmpty()) {
            lines.add(rest);
        }
        return lines;
    }

    private static String head(String text, int width) {
        int columns = 0;
        int end = 0;
        while (end < text.length()) {
            int c = text.codePointAt(end);
            columns += width(c);
            if (columns > width) {
                break;
            }
            end += Character.charCount(c);
        }
        return text.substring(0, end);
    }

    /**
     * Columns of a character: none for marks upon another, two for those that Unicode Standard Annex #11 calls wide, by
     * their blocks; else one.
     */
    private static int width(int c) {
        int type = Character.getType(c);
        if (type == Character.NON_SPACING_MARK || type == Character.ENCLOSING_MARK) {
            return 0;
        }
        boolean wide = (c >= 0x1100 && c <= 0x115F)
                || (c >= 0x2E80 && c <= 0xA4CF && c != 0x303F)
                || (c >= 0xAC00 && c <= 0xD7A3)
                || (c >= 0xF900 && c <= 0xFAFF)
                || (c >= 0xFE30 && c <= 0xFE6F)
                || (c >= 0xFF00 && c <= 0xFF60)
                || (c >= 0xFFE0 && c <= 0xFFE6)
                || (c >= 0x1F300 && c <= 0x1FAFF)
                || (c >= 0x20000 && c <= 0x3FFFD);
        return wide ? 2 : 1;
    }
}
