package io.tidewatch.command.console;

import io.tidewatch.api.config.FileFailure;
import java.io.FilterOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.io.PrintStream;
import org.jspecify.annotations.Nullable;

/** Remembers that something could not be written, which a {@link PrintStream} in front of it keeps to itself. For one thread. */
public final class CheckedOutput extends FilterOutputStream {
    private @Nullable IOException failure;

    public CheckedOutput(OutputStream out) {
        super(out);
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

    /** Returns the exit code, no success if something could not be written; a reader that has gone, as head, knows. */
    public int exitCode(int ofCommand, PrintStream err) {
        if (failure == null || FileFailure.reason(failure).equals("broken pipe")) {
            return ofCommand;
        }
        err.println("tidewatch: the output could not be written (" + FileFailure.reason(failure) + ").");
        return ofCommand == ExitCodes.OK ? ExitCodes.CANNOT_WRITE : ofCommand;
    }
}
