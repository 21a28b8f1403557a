package io.tidewatch.command.console;

import io.tidewatch.api.config.FileFailure;
import java.io.IOException;
import java.nio.file.Path;

/** What was asked for cannot be done. The message is one for the operator: what is wrong, and what to do. */
public final class CommandException extends Exception {
    private static final long serialVersionUID = 1L;

    private final int exitCode;

    public CommandException(int exitCode, String message) {
        super(message);
        this.exitCode = exitCode;
    }

    public static CommandException usage(String verb, String message) {
        return new CommandException(
                ExitCodes.USAGE,
                message + (message.endsWith("?") ? " " : ". ") + "'tidewatch " + verb
                        + " --help' shows what there is.");
    }

    /** A file or folder that only root may be able to read. */
    public static CommandException unreadable(Path path, IOException e) {
        return new CommandException(
                ExitCodes.NO_INPUT, path + " cannot be read (" + FileFailure.reason(e) + "). Run this as root.");
    }

    public int exitCode() {
        return exitCode;
    }
}
