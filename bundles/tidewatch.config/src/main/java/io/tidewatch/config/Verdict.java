package io.tidewatch.config;

import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * The result of validating a file.
 *
 * @param values by key, placeholders resolved, without those that cannot be used
 * @param problems what is wrong, one sentence each, in the order of the lines; no secrets
 * @param secrets names of the secrets that the values want
 */
record Verdict(Map<String, String> values, List<Problem> problems, Set<String> secrets) {
    static final Verdict EMPTY = new Verdict(Map.of(), List.of(), Set.of());

    /**
     * Something to fix.
     *
     * @param line its number, from 1; 0: no line of the file
     * @param key whose value is refused; null: of none, or the value may be a secret
     * @param text the sentence, without the file's name
     * @param refused false: it is in force, or does no harm
     */
    record Problem(int line, @Nullable String key, String text, boolean refused) {
        Problem(int line, String text, boolean refused) {
            this(line, null, text, refused);
        }

        /** With the place in front, as compilers write it. */
        String in(String file) {
            return file + (line == 0 ? "" : ":" + line) + ": " + text;
        }
    }

    /** Whether every line can be used; there may be remarks nevertheless. */
    boolean good() {
        return problems.stream().noneMatch(Problem::refused);
    }
}
