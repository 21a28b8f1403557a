package io.tidewatch.scheduler;

import io.tidewatch.api.collector.Diagnostic;
import io.tidewatch.api.collector.Diagnostic.Severity;
import java.util.List;
import java.util.function.Predicate;
import java.util.stream.Collectors;

/** Diagnostics as parts of a health message. */
final class DiagnosticText {
    private static final int NAMED = 5;

    private DiagnosticText() {}

    /** What is left out, at most five of it by name; empty if nothing is. */
    static String leftOut(List<Diagnostic> diagnostics) {
        return of(diagnostics, severity -> severity != Severity.NOTE);
    }

    /** The notes, at most five of them; empty if there are none. */
    static String notes(List<Diagnostic> diagnostics) {
        return of(diagnostics, severity -> severity == Severity.NOTE);
    }

    private static String of(List<Diagnostic> diagnostics, Predicate<Severity> severity) {
        List<String> messages = diagnostics.stream()
                .filter(diagnostic -> severity.test(diagnostic.severity()))
                .map(Diagnostic::message)
                .toList();
        String named = messages.stream().limit(NAMED).collect(Collectors.joining("; "));
        return messages.size() > NAMED ? named + "; and " + (messages.size() - NAMED) + " more" : named;
    }
}
