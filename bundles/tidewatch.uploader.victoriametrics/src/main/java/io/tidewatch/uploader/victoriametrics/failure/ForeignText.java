package io.tidewatch.uploader.victoriametrics.failure;

import org.jspecify.annotations.Nullable;

/** Text of a server or of the network, for messages. */
public final class ForeignText {
    private static final int QUOTED = 160;

    private ForeignText() {}

    /** Foreign text for a message: one line, cut. */
    public static String quoted(@Nullable String text) {
        String line = String.valueOf(text).strip().replaceAll("[\\p{Cntrl}\\p{Co}\\p{Cn}\\s]+", " ");
        return "'" + (line.length() > QUOTED ? line.substring(0, QUOTED) + "…" : line) + "'";
    }
}
