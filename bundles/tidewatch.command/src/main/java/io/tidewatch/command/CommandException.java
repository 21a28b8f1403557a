package io.tidewatch.command;

/** What was asked for cannot be done. The message is one for the operator: what is wrong, and what to do. */
final class CommandException extends Exception {
    private static final long serialVersionUID = 1L;

    private final int exitCode;

    CommandException(int exitCode, String message) {
        super(message);
        this.exitCode = exitCode;
    }

    /** The command line is not understood. */
    static CommandException usage(String verb, String message) {
        return new CommandException(
                ExitCodes.USAGE,
                message + (message.endsWith("?") ? " " : ". ") + "'tidewatch " + verb
                        + " --help' shows what there is.");
    }

    /** How the process ends because of it. */
    int exitCode() {
        return exitCode;
    }
}
