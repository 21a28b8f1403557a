package io.tidewatch.launcher;

/** The agent cannot start. The message is one for the operator: what is wrong, where, and what to do. */
final class LaunchException extends Exception {
    private static final long serialVersionUID = 1L;

    final ExitCode exitCode;

    LaunchException(ExitCode exitCode, String message) {
        super(message);
        this.exitCode = exitCode;
    }
}
