package io.tidewatch.api.config;

/**
 * Which names are of interest: all but those that {@code exclude} matches, and of these again those that {@code include}
 * matches. {@code exclude=.*} with an {@code include} leaves the included ones alone.
 *
 * @param include names that are kept whatever {@code exclude} says
 * @param exclude names that are left out
 */
public record NameFilter(NamePatterns include, NamePatterns exclude) {
    /** Whether the name is of interest. */
    public boolean accepts(String name) {
        return include.matches(name) || !exclude.matches(name);
    }
}
