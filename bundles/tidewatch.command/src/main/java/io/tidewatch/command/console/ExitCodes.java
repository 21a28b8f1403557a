package io.tidewatch.command.console;

/** How the process ends. From 64 on the numbers are those of sysexits.h, as everywhere in tidewatch. */
public final class ExitCodes {
    /** Done, and all is well. */
    public static final int OK = 0;

    /** {@code status}: the agent is degraded; {@code doctor}: something is wrong. */
    public static final int NOT_WELL = 1;

    /** {@code status}: the agent is in error. */
    public static final int ERROR = 2;

    /** {@code status}: no agent answers. The number that the Linux Standard Base has for "not running". */
    public static final int DOWN = 3;

    /** EX_USAGE: the command line is not understood. */
    public static final int USAGE = 64;

    /** EX_NOINPUT: there is no file or database to read, or it cannot be read. */
    public static final int NO_INPUT = 66;

    /** EX_SOFTWARE: the installation is not whole. */
    public static final int BROKEN_INSTALLATION = 70;

    /** EX_CANTCREAT: files are in the way, or cannot be written. */
    public static final int CANNOT_WRITE = 73;

    /** EX_CONFIG: a value of the configuration cannot be used. */
    public static final int BAD_CONFIGURATION = 78;

    private ExitCodes() {}
}
