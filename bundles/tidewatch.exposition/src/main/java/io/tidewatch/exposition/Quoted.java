package io.tidewatch.exposition;

import java.nio.charset.StandardCharsets;

/** Text of a page as messages quote it. */
final class Quoted {
    private static final int LONGEST = 80;

    private Quoted() {}

    /** Returns a range in quotes, shortened, in one line, with what cannot be printed replaced; "the end of the line" for none. */
    static String of(byte[] line, int from, int to) {
        return from >= to ? "the end of the line" : "'" + text(line, from, to) + "'";
    }

    /** The same without quotes. */
    static String text(byte[] line, int from, int to) {
        int end = Math.min(to, from + LONGEST);
        String text = new String(line, from, end - from, StandardCharsets.UTF_8).replaceAll("\\p{Cntrl}", "\uFFFD");
        return end < to ? text + "…" : text;
    }
}
