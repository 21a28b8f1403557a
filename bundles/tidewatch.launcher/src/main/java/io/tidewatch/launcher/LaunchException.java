package io.tidewatch.launcher;

/** The agent cannot start. The message is one for the operator: what is wrong, where, and what to do. */
final class LaunchException extends Exception {
    private static final long serialVersionUID = 1L;

    final ExitCode exitCode;

    LaunchException(ExitCode exitCode, String message) {
        super(message);
        this.exitCode = exitCode;
    }

    /** With {@link ExitCode#BAD_START_CONFIGURATION}. */
    static LaunchException badStart(String message) {
        return new LaunchException(ExitCode.BAD_START_CONFIGURATION, message);
    }
}
