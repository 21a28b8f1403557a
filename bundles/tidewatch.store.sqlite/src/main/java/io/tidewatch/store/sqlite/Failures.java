package io.tidewatch.store.sqlite;

import io.tidewatch.api.store.StoreException;
import java.io.IOException;
import java.nio.file.Path;
import java.sql.SQLException;
import org.sqlite.SQLiteErrorCode;
import org.sqlite.SQLiteException;

/** Turns what SQLite says into what an operator can do. */
final class Failures {
    private Failures() {}

    /** @param action what failed, as the start of a sentence: "Appending" */
    static StoreException of(String action, Path file, Exception cause) {
        return new StoreException(action + " failed: " + cause.getMessage() + ". " + advice(file, cause), cause);
    }

    /** The plain result code: extended ones carry it in their lowest byte. */
    static int primaryCode(SQLException e) {
        return (e instanceof SQLiteException sqlite ? sqlite.getResultCode().code : e.getErrorCode()) & 0xff;
    }

    /**
     * Whether the driver leaves the statement usable that failed so. After any other error it has closed it, for good.
     */
    static boolean leavesStatements(StoreException e) {
        if (!(e.getCause() instanceof SQLException sql)) {
            return true;
        }
        int code = primaryCode(sql);
        return code == SQLiteErrorCode.SQLITE_BUSY.code
                || code == SQLiteErrorCode.SQLITE_LOCKED.code
                || code == SQLiteErrorCode.SQLITE_CONSTRAINT.code;
    }

    /** Whether a failure comes from the disk or the file on it, and may pass, and not from whose file it is. */
    static boolean isOfTheDisk(StoreException e) {
        Throwable cause = e.getCause();
        return cause instanceof IOException
                || (cause instanceof SQLException sql && primaryCode(sql) != SQLiteErrorCode.SQLITE_NOTADB.code);
    }

    private static String advice(Path file, Exception cause) {
        if (!(cause instanceof SQLException sql)) {
            return "Check that the folder of " + file + " exists and that the agent's user may write there";
        }
        int code = primaryCode(sql);
        if (code == SQLiteErrorCode.SQLITE_FULL.code) {
            return "Make room on the file system of " + file;
        }
        if (code == SQLiteErrorCode.SQLITE_READONLY.code || code == SQLiteErrorCode.SQLITE_PERM.code) {
            return "Check that the agent's user may write " + file + " and its folder, and that the file system is not"
                    + " mounted read-only";
        }
        if (code == SQLiteErrorCode.SQLITE_CANTOPEN.code) {
            return "Check that the folder of " + file
                    + " exists, that the agent's user may write there, and that the file"
                    + " system is not mounted read-only";
        }
        if (code == SQLiteErrorCode.SQLITE_BUSY.code || code == SQLiteErrorCode.SQLITE_LOCKED.code) {
            return "Another program writes to " + file + "; end its transaction, or that program";
        }
        if (code == SQLiteErrorCode.SQLITE_CORRUPT.code || code == SQLiteErrorCode.SQLITE_NOTADB.code) {
            return "The file " + file + " is damaged; what can be read of it is copied into a new one";
        }
        if (code == SQLiteErrorCode.SQLITE_IOERR.code) {
            return "Check the disk of " + file + " (dmesg names failing ones)";
        }
        return "See https://sqlite.org/rescode.html for the code " + sql.getErrorCode();
    }
}
