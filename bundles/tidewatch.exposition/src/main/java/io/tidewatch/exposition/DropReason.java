package io.tidewatch.exposition;

import java.util.Locale;

/** Why a line of a page became no sample. The lower-case name is the tag {@code reason} of counters. */
public enum DropReason {
    /** It does not follow the format. */
    MALFORMED,
    /** Its series is beyond {@code max.series}. */
    MAX_SERIES,
    /** Its value is NaN or infinite, as quantiles of a summary without observations are. */
    NOT_FINITE,
    /** Its series stands in the page, or in another page of the pass, already. */
    DUPLICATE,
    /** The page is longer than {@code max.bytes}; counts once per page. */
    MAX_BYTES;

    public String tag() {
        return name().toLowerCase(Locale.ROOT);
    }
}
