package io.tidewatch.command.console;

/** What was asked for cannot be done. The message is one for the operator: what is wrong, and what to do. */
public final class CommandException extends Exception {
    private static final long serialVersionUID = 1L;

    private final int exitCode;

    public CommandException(int exitCode, String message) {
        super(message);
        this.exitCode = exitCode;
    }

    /** The command line is not understood. */
    public static CommandException usage(String verb, String message) {
        return new CommandException(
                ExitCodes.USAGE,
                message + (message.endsWith("?") ? " " : ". ") + "'tidewatch " + verb
                        + " --help' shows what there is.");
    }

    /** How the process ends because of it. */
    public int exitCode() {
        return exitCode;
    }
}
