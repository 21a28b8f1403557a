package io.tidewatch.launcher;

/**
 * How the process ends. The numbers are those of sysexits.h, so that a unit file can tell "start again" from "fix
 * first".
 */
enum ExitCode {
    /** It did what it was asked; also an orderly stop on SIGTERM or SIGINT. */
    OK(0, "clean end, also after SIGTERM or SIGINT"),
    /** EX_USAGE: the command line is wrong. */
    USAGE(64, "the command line is not understood"),
    /** EX_UNAVAILABLE: a part without which nothing works is gone. */
    PART_GONE(69, "a part without which nothing is collected or kept was gone for 60 s"),
    /** EX_SOFTWARE: the framework did not start, ended unexpectedly, or did not stop in time. */
    FAILURE(70, "the agent did not start, ended unexpectedly, or did not stop within 10 s"),
    /** EX_TEMPFAIL: another process holds this state folder. */
    ALREADY_RUNNING(75, "an agent already runs on this state folder"),
    /** EX_CONFIG: a folder is missing, unusable or not given. */
    BAD_START_CONFIGURATION(
            78,
            "a folder, or what should be in it, is missing or unusable, and named;\n       or --check has found problems");

    private final int number;
    private final String meaning;

    ExitCode(int number, String meaning) {
        this.number = number;
        this.meaning = meaning;
    }

    int number() {
        return number;
    }

    /** Half a sentence for {@code --help}. */
    String meaning() {
        return meaning;
    }
}
