package io.tidewatch.store.sqlite.db;

import io.tidewatch.api.store.StoreException;
import java.io.IOException;
import java.nio.file.Path;
import java.sql.SQLException;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import org.sqlite.SQLiteErrorCode;
import org.sqlite.SQLiteException;

/** Classifies failures by the error that caused them, however deep it is wrapped, and says what an operator can do. */
public final class Failures {
    /** What a card or disk reports for a block that it has lost. */
    private static final Set<SQLiteErrorCode> UNREADABLE = Set.of(
            SQLiteErrorCode.SQLITE_IOERR_READ,
            SQLiteErrorCode.SQLITE_IOERR_SHORT_READ,
            SQLiteErrorCode.SQLITE_IOERR_CORRUPTFS,
            SQLiteErrorCode.SQLITE_IOERR_DATA);

    /** What a statement is refused for, whatever the state of the disk. */
    private static final Set<Integer> OF_THE_INPUT = Set.of(
            SQLiteErrorCode.SQLITE_CONSTRAINT.code,
            SQLiteErrorCode.SQLITE_MISMATCH.code,
            SQLiteErrorCode.SQLITE_TOOBIG.code,
            SQLiteErrorCode.SQLITE_RANGE.code);

    private Failures() {}

    /** @param action what failed, as the start of a sentence: "Appending" */
    public static StoreException of(String action, Path file, Throwable cause) {
        return new StoreException(action + " failed: " + cause.getMessage() + ". " + advice(file, cause), cause);
    }

    /** The plain result code: extended ones carry it in their lowest byte. */
    public static int primaryCode(SQLException e) {
        return (e instanceof SQLiteException sqlite ? sqlite.getResultCode().code : e.getErrorCode()) & 0xff;
    }

    /** Whether a failure comes from the disk, the file on it or a lack of memory, and may pass. */
    public static boolean isOfTheDisk(Throwable failure) {
        Throwable root = root(failure);
        return root instanceof IOException
                || root instanceof Error
                || (root instanceof SQLException sql
                        && primaryCode(sql) != SQLiteErrorCode.SQLITE_NOTADB.code
                        && !OF_THE_INPUT.contains(primaryCode(sql)));
    }

    /** Whether the same input fails again on a sound disk: a bug, or a value that SQLite does not take. */
    public static boolean isOfTheInput(Throwable failure) {
        Throwable root = root(failure);
        return root instanceof RuntimeException
                || (root instanceof SQLException sql && OF_THE_INPUT.contains(primaryCode(sql)));
    }

    /** Whether a failure says that the file is not what it should be. */
    public static boolean isDamage(@Nullable Throwable failure) {
        if (failure == null || !(root(failure) instanceof SQLException sql)) {
            return false;
        }
        if (sql instanceof SQLiteException sqlite && UNREADABLE.contains(sqlite.getResultCode())) {
            return true;
        }
        int code = primaryCode(sql);
        return code == SQLiteErrorCode.SQLITE_CORRUPT.code || code == SQLiteErrorCode.SQLITE_NOTADB.code;
    }

    /** The error itself, for its stack in the log, if it is a bug; null if its message says all. */
    public static @Nullable Throwable stackOfBugs(Throwable failure) {
        Throwable root = root(failure);
        return root instanceof RuntimeException || root instanceof Error ? failure : null;
    }

    /** A failure of the file that a copy is written to: no damage of the one that is read, even if it says damage. */
    public static SQLException ofTheCopy(SQLException e) {
        return isDamage(e) ? new SQLException(e.getMessage(), "", SQLiteErrorCode.SQLITE_IOERR.code, e) : e;
    }

    /** Damage that SQLite does not see: the content of a row is not what this store writes. */
    public static SQLException damagedContent(String what) {
        return new SQLiteException(what, SQLiteErrorCode.SQLITE_CORRUPT);
    }

    /** The error that a chain of causes ends with, or the first of a driver or the file system. */
    private static Throwable root(Throwable failure) {
        Throwable root = failure;
        while (root.getCause() != null && !(root instanceof SQLException) && !(root instanceof IOException)) {
            root = root.getCause();
        }
        return root;
    }

    private static String advice(Path file, Throwable cause) {
        if (root(cause) instanceof Error || root(cause) instanceof RuntimeException) {
            return "See the log for its stack and report it; the agent goes on";
        }
        if (!(root(cause) instanceof SQLException sql)) {
            return "Check that the folder of " + file + " exists and that the agent's user may write there";
        }
        return switch (SQLiteErrorCode.getErrorCode(primaryCode(sql))) {
            case SQLITE_FULL -> "Make room on the file system of " + file;
            case SQLITE_READONLY, SQLITE_PERM ->
                "Check that the agent's user may write " + file + " and its folder, and that the file system is not"
                        + " mounted read-only";
            case SQLITE_CANTOPEN ->
                "Check that the folder of " + file + " exists, that the agent's user may write there, and that the file"
                        + " system is not mounted read-only";
            case SQLITE_BUSY, SQLITE_LOCKED ->
                "Another program writes to " + file + "; end its transaction, or that program";
            case SQLITE_CORRUPT, SQLITE_NOTADB ->
                "The file " + file + " is damaged; what can be read of it is copied into a new one";
            case SQLITE_IOERR -> "Check the disk of " + file + " (dmesg names failing ones)";
            default -> "See https://sqlite.org/rescode.html for the code " + sql.getErrorCode();
        };
    }
}
