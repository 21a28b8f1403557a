package io.tidewatch.config;

import io.tidewatch.config.Verdict.Problem;

/** What to report of a file that is named as one of several, for something that has one configuration. */
final class Instances {
    private Instances() {}

    /** The sentence, without the file's name. A copy beside the original would win over it at the next start. */
    static Problem problem(PidOfFile pid) {
        String only = pid.pid() + PidOfFile.ENDING;
        return new Problem(
                0,
                "is not used, as " + pid.pid() + " has one configuration, " + only
                        + "; delete this file, or rename it so that it does not end in " + PidOfFile.ENDING,
                false);
    }
}
