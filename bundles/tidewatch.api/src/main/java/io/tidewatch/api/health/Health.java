package io.tidewatch.api.health;

import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;

/**
 * What a component says of itself.
 *
 * @param status of the component
 * @param message one sentence for an operator; when the status is not OK it says what to do
 * @param details facts by name, in order: {@link String}, {@link Number}, {@link Boolean}, {@link java.time.Instant}
 *     (shown as RFC 3339), or a {@link java.util.Collection} or {@link Map} of these. Names are lower case with
 *     underscores and end in their unit.
 */
public record Health(Status status, String message, Map<String, Object> details) {
    public Health {
        Objects.requireNonNull(status, "status");
        Objects.requireNonNull(message, "message");
        details = Collections.unmodifiableMap(new LinkedHashMap<>(details));
    }

    /** All is well. */
    public static Health ok(String message, Map<String, Object> details) {
        return new Health(Status.OK, message, details);
    }

    /** Works with limits. */
    public static Health degraded(String message, Map<String, Object> details) {
        return new Health(Status.DEGRADED, message, details);
    }

    /** Returns this health, degraded at least, with a problem in front of its message. */
    public Health degradedBy(String problem) {
        return new Health(status == Status.OK ? Status.DEGRADED : status, problem + "; " + message, details);
    }

    /** Does not work. */
    public static Health error(String message, Map<String, Object> details) {
        return new Health(Status.ERROR, message, details);
    }

    /**
     * Returns this health with mistakes in a file in front of its message, and degraded at least; itself if there are none.
     *
     * @param file where an operator fixes them
     * @param mistakes what is wrong with the file
     */
    public Health toFix(String file, List<String> mistakes) {
        return mistakes.isEmpty() ? this : degradedBy("fix " + file + ": " + String.join("; ", mistakes));
    }
}
