package io.tidewatch.launcher;

import io.tidewatch.api.config.FileFailure;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.channels.FileLock;
import java.nio.channels.OverlappingFileLockException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import org.jspecify.annotations.Nullable;

/**
 * The right to work on a state folder, held by one process at a time. The kernel drops the lock when its process ends,
 * however it ends. The file itself stays: removing it would let two processes lock two files of one name.
 */
record InstanceLock(FileChannel channel) implements AutoCloseable {
    /**
     * Takes the lock and writes the id of this process into the file.
     *
     * @throws LaunchException with {@link ExitCode#ALREADY_RUNNING} if another process holds it, with
     *     {@link ExitCode#BAD_START_CONFIGURATION} if the file cannot be locked at all
     */
    static InstanceLock take(Path file) throws LaunchException {
        FileChannel channel = null;
        boolean taken = false;
        try {
            channel = FileChannel.open(file, StandardOpenOption.CREATE, StandardOpenOption.WRITE);
            FileLock lock = tryLock(channel);
            if (lock == null) {
                throw new LaunchException(
                        ExitCode.ALREADY_RUNNING,
                        "An agent already runs on " + file.getParent() + holder(file)
                                + ". Stop it first, or set TIDEWATCH_STATE to another folder.");
            }
            channel.truncate(0);
            String pid = ProcessHandle.current().pid() + "\n";
            channel.write(ByteBuffer.wrap(pid.getBytes(StandardCharsets.US_ASCII)));
            taken = true;
            return new InstanceLock(channel);
        } catch (IOException e) {
            throw LaunchException.badStart("The lock " + file + " cannot be taken (" + FileFailure.reason(e)
                    + "). Set TIDEWATCH_STATE to a folder on a local disk that this user may write.");
        } finally {
            if (!taken) {
                closeQuietly(channel);
            }
        }
    }

    @Override
    public void close() {
        closeQuietly(channel);
    }

    private static @Nullable FileLock tryLock(FileChannel channel) throws IOException {
        try {
            return channel.tryLock();
        } catch (OverlappingFileLockException e) {
            return null;
        }
    }

    private static String holder(Path file) {
        try {
            String pid = Files.readString(file, StandardCharsets.US_ASCII).strip();
            return pid.isEmpty() ? "" : " (process " + pid + ")";
        } catch (IOException e) {
            // Who holds it is a courtesy; that someone does is already known.
            return "";
        }
    }

    private static void closeQuietly(@Nullable FileChannel channel) {
        if (channel != null) {
            try {
                channel.close();
            } catch (IOException e) {
                // The process is about to end, and the kernel drops the lock with it.
            }
        }
    }
}
