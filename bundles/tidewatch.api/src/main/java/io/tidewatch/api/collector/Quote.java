package io.tidewatch.api.collector;

/** Text that others wrote, for a message. */
public final class Quote {
    private Quote() {}

    /**
     * Returns its beginning in one line, with what cannot be printed replaced.
     *
     * @param text of any length
     * @param most characters that are shown; an ellipsis follows if there are more
     */
    public static String of(String text, int most) {
        String cut = text.length() > most ? text.substring(0, most) + "…" : text;
        return cut.replaceAll("\\p{Cntrl}", "\uFFFD");
    }
}
