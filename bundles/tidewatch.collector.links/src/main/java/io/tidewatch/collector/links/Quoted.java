package io.tidewatch.collector.links;

/** Foreign text for a message. */
final class Quoted {
    private static final int LONGEST = 80;

    private Quoted() {}

    /** Returns a number as a sender would write it: without a decimal point if it is whole. */
    static String number(double value) {
        return value == Math.rint(value) && Math.abs(value) < 1L << 53
                ? String.valueOf((long) value)
                : String.valueOf(value);
    }

    /** Returns its beginning, without control characters. */
    static String text(String text) {
        String start = text.length() > LONGEST ? text.substring(0, LONGEST) + "…" : text;
        return start.replaceAll("[^\\x20-\\x7E…]", "?");
    }
}
