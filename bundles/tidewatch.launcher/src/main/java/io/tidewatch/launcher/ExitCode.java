package io.tidewatch.launcher;

import io.tidewatch.api.config.CheckedOutput;

/**
 * How the process ends. The numbers are those of sysexits.h, so that a unit file can tell "start again" from "fix
 * first".
 */
enum ExitCode {
    OK(0, "clean end, also after SIGTERM or SIGINT"),
    USAGE(64, "the command line is not understood"),
    PART_GONE(69, "a part without which nothing is collected or kept was gone for 60 s"),
    FAILURE(70, "the agent did not start, ended unexpectedly, or did not stop within 10 s"),
    CANNOT_WRITE(CheckedOutput.CANNOT_WRITE, "the output could not be written"),
    ALREADY_RUNNING(75, "an agent already runs on this state folder"),
    BAD_START_CONFIGURATION(
            78,
            "a folder, or what should be in it, is missing or unusable, and named;\n       or --check has found problems");

    final int number;
    /** Half a sentence for {@code --help}. */
    final String meaning;

    ExitCode(int number, String meaning) {
        this.number = number;
        this.meaning = meaning;
    }
}
