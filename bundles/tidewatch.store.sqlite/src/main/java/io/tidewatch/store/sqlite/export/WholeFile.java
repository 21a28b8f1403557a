package io.tidewatch.store.sqlite.export;

import io.tidewatch.api.config.FileFailure;
import io.tidewatch.api.config.RegularFile;
import io.tidewatch.store.sqlite.db.DatabaseFiles;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.channels.Channels;
import java.nio.channels.FileChannel;
import java.nio.channels.FileLock;
import java.nio.channels.OverlappingFileLockException;
import java.nio.file.FileSystemException;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import org.jspecify.annotations.Nullable;

/**
 * A file that is there whole or not at all: written under another name beside it ({@code .part}), forced to the medium
 * and renamed. What a killed writer left there the next one writes over.
 */
public final class WholeFile implements AutoCloseable {
    private final Path file;
    private final Path part;
    private final FileChannel channel;
    private boolean complete;

    private WholeFile(Path file, Path part, FileChannel channel) {
        this.file = file;
        this.part = part;
        this.channel = channel;
    }

    /**
     * Refuses what is no regular file, since it would be replaced by one, and names that would be taken for a file of the
     * database.
     */
    public static void requireApart(Path file, Path database) throws ExportException {
        String name = String.valueOf(database.toAbsolutePath().normalize().getFileName());
        try {
            Path output = place(file);
            if (output.getFileName() == null || Files.isDirectory(output)) {
                throw new ExportException(file + " is a folder; name a file in it");
            }
            requireReplaceable(output);
            Path folder = output.resolveSibling(".");
            Path databaseFolder = database.toAbsolutePath().resolveSibling(".");
            if (output.getFileName().toString().startsWith(name)
                    && Files.isDirectory(folder)
                    && Files.isSameFile(folder, databaseFolder)) {
                throw new ExportException(file + " would be taken for a file of the database; choose another name");
            }
        } catch (IOException e) {
            throw new ExportException("The folder of " + file + " cannot be read: " + FileFailure.reason(e), e);
        }
    }

    private static void requireReplaceable(Path output) throws ExportException {
        try {
            if (Files.exists(output, LinkOption.NOFOLLOW_LINKS)) {
                RegularFile.require(output);
            }
        } catch (IOException e) {
            throw new ExportException(
                    output + " cannot be replaced (" + FileFailure.reason(e) + "); name another file", e);
        }
    }

    /** Where the file is: a link stays, what it leads to is written. */
    private static Path place(Path file) throws IOException {
        Path absolute = file.toAbsolutePath().normalize();
        return Files.isSymbolicLink(absolute) && Files.exists(absolute) ? absolute.toRealPath() : absolute;
    }

    /** @throws IOException if it cannot be written, or another process is writing it */
    public static WholeFile create(Path file) throws IOException {
        Path absolute = place(file);
        Path part = absolute.resolveSibling(absolute.getFileName() + ".part");
        FileChannel channel =
                FileChannel.open(part, StandardOpenOption.WRITE, StandardOpenOption.CREATE, LinkOption.NOFOLLOW_LINKS);
        try {
            if (tryLock(channel) == null) {
                throw new FileSystemException(part.toString(), null, "another process is writing it");
            }
            channel.truncate(0);
            return new WholeFile(absolute, part, channel);
        } catch (IOException e) {
            channel.close();
            throw e;
        }
    }

    /** The file of the incomplete content; empty at first. */
    public Path part() {
        return part;
    }

    /** Where its content goes. Need not be closed. */
    public OutputStream stream() {
        return Channels.newOutputStream(channel);
    }

    /** Gives the file its name, after everything was written; returns its size in bytes. */
    public long complete() throws IOException {
        long size = channel.size();
        channel.force(true);
        DatabaseFiles.rename(part, file);
        complete = true;
        return size;
    }

    /** Removes what was written, unless it is complete. */
    @Override
    public void close() throws IOException {
        try {
            if (!complete) {
                Files.deleteIfExists(part);
            }
        } finally {
            channel.close();
        }
    }

    private static @Nullable FileLock tryLock(FileChannel channel) throws IOException {
        try {
            return channel.tryLock();
        } catch (OverlappingFileLockException e) {
            return null;
        }
    }
}
