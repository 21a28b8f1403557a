package io.tidewatch.scheduler;

import io.tidewatch.api.collector.Diagnostic;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;

/** The subjects of a collector's source that are left out, so that each is logged once. Not safe for use by several threads. */
final class KnownDamage {
    private Set<String> known = new LinkedHashSet<>();

    /**
     * @param begun damage that the pass before did not have
     * @param ended subjects that can be read again, or are gone
     */
    record Change(List<Diagnostic> begun, List<String> ended) {}

    Change update(List<Diagnostic> diagnostics) {
        Set<String> now = new LinkedHashSet<>();
        List<Diagnostic> begun = new ArrayList<>();
        for (Diagnostic diagnostic : diagnostics) {
            if (diagnostic.severity() != Diagnostic.Severity.NOTE
                    && now.add(diagnostic.subject())
                    && !known.contains(diagnostic.subject())) {
                begun.add(diagnostic);
            }
        }
        List<String> ended =
                known.stream().filter(subject -> !now.contains(subject)).toList();
        known = now;
        return new Change(begun, ended);
    }
}
