package io.tidewatch.collector.receiver;

/** Foreign text for a message. */
final class Quoted {
    private static final int LONGEST = 80;

    private Quoted() {}

    /** Returns its beginning, without control characters. */
    static String text(String text) {
        String start = text.length() > LONGEST ? text.substring(0, LONGEST) + "…" : text;
        return start.replaceAll("[^\\x20-\\x7E…]", "?");
    }
}
