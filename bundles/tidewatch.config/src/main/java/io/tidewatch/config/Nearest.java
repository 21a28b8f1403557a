package io.tidewatch.config;

import java.util.Collection;
import java.util.Comparator;
import java.util.Locale;
import java.util.Optional;
import java.util.function.ToIntFunction;

/** Finds the name that was probably meant by a misspelt one. */
public final class Nearest {
    private Nearest() {}

    /**
     * The candidate with the smallest edit distance, whatever the case, the first in alphabetical order of several.
     *
     * @return nothing if each differs in more than a third of the written characters, and in more than two
     */
    public static Optional<String> of(String written, Collection<String> candidates) {
        int most = Math.max(2, written.length() / 3);
        String meant = written.toLowerCase(Locale.ROOT);
        ToIntFunction<String> distance = candidate -> distance(meant, candidate.toLowerCase(Locale.ROOT));
        return candidates.stream()
                .filter(candidate -> distance.applyAsInt(candidate) <= most)
                .min(Comparator.comparingInt(distance).thenComparing(Comparator.naturalOrder()));
    }

    /** How many characters have to be put in, taken out or replaced (Levenshtein). */
    static int distance(String one, String other) {
        int[] row = new int[other.length() + 1];
        for (int j = 0; j <= other.length(); j++) {
            row[j] = j;
        }
        for (int i = 1; i <= one.length(); i++) {
            int diagonal = row[0];
            row[0] = i;
            for (int j = 1; j <= other.length(); j++) {
                int replaced = diagonal + (one.charAt(i - 1) == other.charAt(j - 1) ? 0 : 1);
                diagonal = row[j];
                row[j] = Math.min(replaced, Math.min(row[j], row[j - 1]) + 1);
            }
        }
        return row[other.length()];
    }
}
