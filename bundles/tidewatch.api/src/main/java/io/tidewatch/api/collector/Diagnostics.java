package io.tidewatch.api.collector;

import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.stream.Collectors;

/**
 * Gathers the diagnostics of one pass.
 *
 * <pre>{@code
 * diagnostics.clear();
 * for (Path sensor : sensors) {
 *     try {
 *         samples.add(read(sensor));
 *     } catch (IOException e) {
 *         diagnostics.damaged(sensor.toString(), e);
 *     }
 * }
 * }</pre>
 *
 * <p>Not safe for use by several threads.
 */
public final class Diagnostics {
    private static final int MOST_NAMED = 10;

    private final List<Diagnostic> found = new ArrayList<>();

    /** Nothing found yet. */
    public Diagnostics() {}

    /** Begins a pass: forgets the diagnostics of the one before. */
    public void clear() {
        found.clear();
    }

    /**
     * Reports a damaged row, field or file whose values are missing from this pass.
     *
     * @param subject which, the same in every pass
     * @param message what is wrong, with the text that was found
     */
    public void damaged(String subject, String message) {
        found.add(new Diagnostic(Diagnostic.Severity.DAMAGED, subject, message));
    }

    /** Reports what an exception says as damage. */
    public void damaged(String subject, Exception cause) {
        String message = cause.getMessage();
        damaged(subject, message == null || message.isBlank() ? cause.getClass().getSimpleName() : message);
    }

    /**
     * Reports values that are missing from this pass because a limit of the configuration is reached.
     *
     * @param subject which limit, the same in every pass
     * @param message how much there is, and what to do
     */
    public void limited(String subject, String message) {
        found.add(new Diagnostic(Diagnostic.Severity.LIMITED, subject, message));
    }

    /** Reports something that an operator should know although no value was lost. */
    public void note(String subject, String message) {
        found.add(new Diagnostic(Diagnostic.Severity.NOTE, subject, message));
    }

    /**
     * Reports what is left out on purpose, as {@code excluded: docker0, lo}: the first ten names and the number of the others;
     * nothing without a name.
     *
     * @param subject which setting leaves it out
     * @param what the words before the names
     * @param names in the order in which they are shown
     */
    public void noteNames(String subject, String what, Collection<String> names) {
        if (!names.isEmpty()) {
            String shown = names.stream().limit(MOST_NAMED).collect(Collectors.joining(", "));
            String others = names.size() > MOST_NAMED ? " and " + (names.size() - MOST_NAMED) + " more" : "";
            note(subject, what + ": " + shown + others);
        }
    }

    /** Whether damage was reported in this pass. */
    public boolean hasDamage() {
        return found.stream().anyMatch(diagnostic -> diagnostic.severity() == Diagnostic.Severity.DAMAGED);
    }

    /** The diagnostics of this pass, in the order in which they were found. */
    public List<Diagnostic> list() {
        return List.copyOf(found);
    }
}
