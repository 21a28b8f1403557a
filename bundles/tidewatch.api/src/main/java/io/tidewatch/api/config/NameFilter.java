package io.tidewatch.api.config;

/**
 * Which names are of interest: all but those that {@code exclude} matches, and of these again those that {@code include}
 * matches. {@code exclude=.*} with an {@code include} leaves the included ones alone.
 *
 * @param include names that are kept whatever {@code exclude} says
 * @param exclude names that are left out
 */
public record NameFilter(NamePatterns include, NamePatterns exclude) {
    /**
     * Reads the keys {@code include} and {@code exclude}.
     *
     * @param include as written
     * @param exclude as written
     * @param defaults stand in for what is not accepted
     */
    public static NameFilter read(SettingReader reader, String include, String exclude, NameFilter defaults) {
        return new NameFilter(
                reader.read("include", include, NamePatterns::parse, defaults.include),
                reader.read("exclude", exclude, NamePatterns::parse, defaults.exclude));
    }

    /** Whether the name is of interest. */
    public boolean accepts(String name) {
        return include.matches(name) || !exclude.matches(name);
    }
}
