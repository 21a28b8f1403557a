package io.tidewatch.process;

import java.io.InputStream;
import java.time.Duration;

/**
 * How a run ended.
 *
 * @param exitCode of the command if it {@link Ending#EXITED}, else -1
 * @param output what it printed, in memory; of a run that was not {@link #isTrusted()}, what there was of it
 * @param complaint why it was not started, or the first line of its error output; may be empty
 * @param duration from the start to the end
 */
public record RunResult(Ending ending, int exitCode, InputStream output, String complaint, Duration duration) {
    /** What ended a run. */
    public enum Ending {
        /** The command, whatever its exit code is. */
        EXITED,
        /** It could not be started. */
        NOT_STARTED,
        /** It was killed for its time. */
        TIMED_OUT,
        /** It was killed for the length of its output. */
        TOO_LONG,
        /** It was killed since no one wants its output any more. */
        CANCELLED
    }

    /** A run that never was. */
    static RunResult notStarted(String why) {
        return new RunResult(Ending.NOT_STARTED, -1, InputStream.nullInputStream(), why, Duration.ZERO);
    }

    /** Whether there is an exit code, or -1 in its place. */
    public boolean hasExitCode() {
        return ending == Ending.EXITED || ending == Ending.NOT_STARTED;
    }

    /** Whether the output is what the command wanted to print. */
    public boolean isTrusted() {
        return ending == Ending.EXITED && exitCode == 0;
    }
}
