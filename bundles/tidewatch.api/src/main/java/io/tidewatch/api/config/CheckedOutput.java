package io.tidewatch.api.config;

import java.io.FileDescriptor;
import java.io.FileOutputStream;
import java.io.FilterOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import org.jspecify.annotations.Nullable;

/**
 * The output of a command, which remembers that something could not be written: a {@link PrintStream} keeps that to itself,
 * and a command whose output is lost would end as a success. For one thread.
 */
public final class CheckedOutput extends FilterOutputStream {
    /** The exit code of a command whose output could not be written: EX_CANTCREAT of sysexits.h. */
    public static final int CANNOT_WRITE = 73;

    private final PrintStream printer = new PrintStream(this, true, StandardCharsets.UTF_8);
    private @Nullable IOException failure;

    public CheckedOutput(OutputStream out) {
        super(out);
    }

    /** The standard output of the process. */
    public static CheckedOutput standard() {
        return new CheckedOutput(new FileOutputStream(FileDescriptor.out));
    }

    /** Prints to this output, in UTF-8; what goes wrong is in the {@link #exitCode}. */
    public PrintStream printer() {
        return printer;
    }

    @Override
    public void write(byte[] bytes, int offset, int length) throws IOException {
        try {
            out.write(bytes, offset, length);
        } catch (IOException e) {
            failure = e;
            throw e;
        }
    }

    @Override
    public void write(int one) throws IOException {
        write(new byte[] {(byte) one}, 0, 1);
    }

    /**
     * Ends the command: says what could not be written, unless the reader has gone, as {@code head} does.
     *
     * @return the exit code of the command; {@value #CANNOT_WRITE} in place of 0 if something could not be written
     */
    public int exitCode(int ofCommand, PrintStream err) {
        printer.flush();
        if (failure == null || FileFailure.reason(failure).equals("broken pipe")) {
            return ofCommand;
        }
        err.println("tidewatch: the output could not be written (" + FileFailure.reason(failure) + ").");
        return ofCommand == 0 ? CANNOT_WRITE : ofCommand;
    }
}
