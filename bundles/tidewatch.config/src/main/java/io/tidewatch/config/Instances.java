package io.tidewatch.config;

import io.tidewatch.config.Verdict.Problem;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * Whether a file that is named as one of several is used. Beside a file without a name it is not: it would win over that
 * one, as ConfigurationAdmin and Declarative Services have it, and most often it is a copy that somebody kept.
 */
final class Instances {
    private Instances() {}

    /**
     * Why the file is not used, without its name; null if it is.
     *
     * @param file where it is
     * @param pid what it configures
     * @param catalogue the present one; asked for a file of an instance only
     */
    static @Nullable Problem problem(Path file, PidOfFile pid, Supplier<Catalogue> catalogue) {
        if (pid.instance() == null) {
            return null;
        }
        String only = pid.pid() + PidOfFile.ENDING;
        if (catalogue.get().isSingle(pid.pid())) {
            return new Problem(
                    0,
                    "is not used, as " + pid.pid() + " has one configuration, " + only
                            + "; delete this file, or rename it so that it does not end in " + PidOfFile.ENDING,
                    false);
        }
        if (Files.exists(file.resolveSibling(only))) {
            return new Problem(
                    0,
                    "is not used beside " + only + "; to have several, rename that file to " + pid.pid() + "-<name>"
                            + PidOfFile.ENDING + " as well, else delete this one",
                    false);
        }
        return null;
    }
}
