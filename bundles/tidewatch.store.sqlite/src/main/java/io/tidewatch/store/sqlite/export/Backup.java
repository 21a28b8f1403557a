package io.tidewatch.store.sqlite.export;

import io.tidewatch.api.config.FileFailure;
import io.tidewatch.api.store.StoreException;
import io.tidewatch.store.sqlite.db.Schema;
import io.tidewatch.store.sqlite.history.ReadOnlyDatabase;
import java.io.IOException;
import java.nio.file.FileSystemException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.PosixFilePermission;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.SQLException;
import java.util.EnumSet;
import java.util.Optional;
import java.util.Set;
import org.sqlite.SQLiteErrorCode;
import org.sqlite.SQLiteException;

/**
 * Copies one state of a database, that of a running agent or another, into a file of its own without a log beside it, and
 * verifies the copy. Memory is bounded whatever the size. The agent continues to write; its log grows until the
 * copy is made.
 *
 * <p>Source: <a href="https://sqlite.org/lang_vacuum.html#vacuuminto">VACUUM INTO</a>.
 */
public final class Backup {
    private static final Set<SQLiteErrorCode> OF_THE_COPY = EnumSet.of(
            SQLiteErrorCode.SQLITE_FULL,
            SQLiteErrorCode.SQLITE_IOERR_WRITE,
            SQLiteErrorCode.SQLITE_IOERR_FSYNC,
            SQLiteErrorCode.SQLITE_IOERR_TRUNCATE,
            SQLiteErrorCode.SQLITE_IOERR_CLOSE);

    private Backup() {}

    /**
     * Runs a backup. If it fails there is no new file, and one of the same name is as it was.
     *
     * @return size of the copy in bytes
     * @throws StoreException if the database cannot be read
     * @throws ExportException if the copy cannot be written, or is not as it should be
     */
    public static long run(Path source, Path copy) throws StoreException, ExportException {
        WholeFile.requireApart(copy, source);
        try (ReadOnlyDatabase database = ReadOnlyDatabase.open(source);
                WholeFile file = WholeFile.create(copy)) {
            likewise(source, file.part());
            Optional<SQLException> failure = database.read(connection -> copied(connection, file.part()));
            if (failure.isPresent()) {
                throw new ExportException(
                        "Writing " + copy + " failed: " + FileFailure.reason(failure.get())
                                + ". Check that its file system has room and takes a file of "
                                + Files.size(source) + " bytes",
                        failure.get());
            }
            verify(file.part());
            return file.complete();
        } catch (IOException e) {
            throw new ExportException(
                    "Writing " + copy + " failed: " + FileFailure.reason(e)
                            + ". Check that its folder exists, has room, and can be written by this user",
                    e);
        }
    }

    /** The copy has the access rights of the source. */
    private static void likewise(Path source, Path part) throws IOException {
        Set<PosixFilePermission> permissions = Files.getPosixFilePermissions(source);
        try {
            Files.setPosixFilePermissions(part, permissions);
        } catch (FileSystemException e) {
            // A file system without rights, as on most USB sticks: the mount decides.
        }
    }

    /** @return why the copy cannot be written; empty after success */
    private static Optional<SQLException> copied(Connection connection, Path part) throws SQLException, IOException {
        Path journal = part.resolveSibling(part.getFileName() + "-journal");
        // Perhaps there is one of an attempt before this one.
        Files.deleteIfExists(journal);
        Files.newByteChannel(part, StandardOpenOption.WRITE).truncate(0).close();
        try (PreparedStatement vacuum = connection.prepareStatement("VACUUM INTO ?")) {
            vacuum.setString(1, part.toString());
            vacuum.execute();
            return Optional.empty();
        } catch (SQLException e) {
            Files.deleteIfExists(journal);
            // The source is only read.
            if (e instanceof SQLiteException failure && OF_THE_COPY.contains(failure.getResultCode())) {
                return Optional.of(e);
            }
            throw e;
        }
    }

    /** Reads all of a copy, and fails unless it is a whole database of this agent. */
    public static void verify(Path part) throws StoreException, ExportException {
        try (ReadOnlyDatabase database = ReadOnlyDatabase.open(part)) {
            String result = database.read(connection -> Schema.check(connection, "integrity_check"));
            if (!result.equals("ok")) {
                throw new ExportException("The copy is damaged (" + result
                        + "); check the medium it was written to and, with 'tidewatch doctor', the database");
            }
        }
    }
}
