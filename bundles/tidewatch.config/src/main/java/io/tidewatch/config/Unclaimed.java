package io.tidewatch.config;

import java.util.Optional;

/** What to say of a file that configures nothing. */
final class Unclaimed {
    private Unclaimed() {}

    /** The sentence, without the file's name. */
    static String problem(String pid, Catalogue catalogue) {
        Optional<String> nearest = Nearest.of(pid, catalogue.pids());
        return "nothing is configured by " + pid
                + nearest.map(meant -> "; did you mean " + meant + PidOfFile.ENDING + "?")
                        .orElse(" (expected the name of a bundle, or that, a hyphen and any name)");
    }
}
