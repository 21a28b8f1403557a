package io.tidewatch.store.sqlite;

import io.tidewatch.api.store.StoreException;
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

    private static String advice(Path file, Exception cause) {
        if (!(cause instanceof SQLException sql)) {
            return "Check that the folder of " + file + " exists and that the agent's user may write there";
        }
        // Extended result codes carry the plain one in their lowest byte.
        int code =
                sql instanceof SQLiteException sqlite ? sqlite.getResultCode().code & 0xff : sql.getErrorCode() & 0xff;
        if (code == SQLiteErrorCode.SQLITE_FULL.code) {
            return "Make room on the file system of " + file;
        }
        if (code == SQLiteErrorCode.SQLITE_READONLY.code || code == SQLiteErrorCode.SQLITE_PERM.code) {
            return "Check that the agent's user may write " + file + " and its folder, and that the file system is not"
                    + " mounted read-only";
        }
        if (code == SQLiteErrorCode.SQLITE_CANTOPEN.code) {
            return "Check that the folder of " + file + " exists and that the agent's user may write there";
        }
        if (code == SQLiteErrorCode.SQLITE_BUSY.code || code == SQLiteErrorCode.SQLITE_LOCKED.code) {
            return "Another program writes to " + file + "; end its transaction, or that program";
        }
        if (code == SQLiteErrorCode.SQLITE_CORRUPT.code || code == SQLiteErrorCode.SQLITE_NOTADB.code) {
            return "The file " + file + " is damaged; move it away and restart the agent, which then starts a new one";
        }
        if (code == SQLiteErrorCode.SQLITE_IOERR.code) {
            return "Check the disk of " + file + " (dmesg names failing ones)";
        }
        return "See https://sqlite.org/rescode.html for the code " + sql.getErrorCode();
    }
}
