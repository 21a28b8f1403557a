package io.tidewatch.api.collector;

import java.util.Objects;

/**
 * Something that a pass found out about its source, for an operator.
 *
 * @param severity whether values were lost
 * @param subject what it is about, the same in every pass: a file, a row, a device. Never empty
 * @param message one sentence in one line, with the text of the source where that explains it. Never empty
 */
public record Diagnostic(Severity severity, String subject, String message) {
    /** Whether values were lost. */
    public enum Severity {
        /** Nothing was lost: a source that this machine lacks, a device that the configuration excludes. */
        NOTE,
        /** A row, field or file is damaged, and its values are missing from this pass. */
        DAMAGED,
        /** The source has more than a limit of the configuration allows; the rest is missing from this pass. */
        LIMITED
    }

    /** @throws IllegalArgumentException if subject or message is blank */
    public Diagnostic {
        Objects.requireNonNull(severity, "severity");
        if (subject.isBlank() || message.isBlank()) {
            throw new IllegalArgumentException("A diagnostic needs a subject and a message");
        }
    }
}
