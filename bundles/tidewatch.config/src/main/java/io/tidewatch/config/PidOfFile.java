package io.tidewatch.config;

import io.tidewatch.config.Verdict.Problem;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * What a file configures, by its name: {@code <pid>.cfg}, or {@code <pid>-<instance>.cfg} for one of several.
 *
 * @param pid the PID, or that of the factory
 * @param instance name of the instance; null: there is one only
 */
record PidOfFile(String pid, @Nullable String instance) {
    static final String ENDING = ".cfg";

    /** Reads the name of a file that ends in {@value #ENDING}. */
    static PidOfFile parse(String fileName) {
        String name = fileName.substring(0, fileName.length() - ENDING.length());
        String[] parts = name.split("[-~]", 2);
        return new PidOfFile(parts[0], parts.length == 1 ? null : parts[1]);
    }

    /**
     * Why a file of an instance is not used, without its name; null if it is. Beside a file without an instance it is not: it
     * would win over that one, as ConfigurationAdmin and Declarative Services have it, and most often it is an old
     * copy.
     *
     * @param catalogue the present one; asked for a file of an instance only
     */
    @Nullable
    Problem unused(Path file, Supplier<Catalogue> catalogue) {
        if (instance == null) {
            return null;
        }
        String only = pid + ENDING;
        String why = null;
        if (catalogue.get().isSingle(pid)) {
            why = "is not used, as " + pid + " has one configuration, " + only
                    + "; delete this file, or rename it so that it does not end in " + ENDING;
        } else if (Files.exists(file.resolveSibling(only))) {
            why = "is not used beside " + only + "; to have several, rename that file to " + pid + "-<name>" + ENDING
                    + " as well, else delete this one";
        }
        return why == null ? null : new Problem(0, why, false);
    }
}
