package io.tidewatch.api.config;

import java.io.FileNotFoundException;
import java.io.IOException;
import java.nio.charset.CharacterCodingException;
import java.nio.file.AccessDeniedException;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.FileSystemException;
import java.nio.file.FileSystemLoopException;
import java.nio.file.NoSuchFileException;
import java.nio.file.NotDirectoryException;
import java.nio.file.ReadOnlyFileSystemException;

/** Explains failures of the file system to an operator, in the words of the system. */
public final class FileFailure {
    private FileFailure() {}

    /**
     * Returns the reason of a failure without the path and without names of exceptions: {@code permission denied}, {@code
     * no such file or directory}, {@code no space left on device}.
     */
    public static String reason(Throwable failure) {
        if (failure instanceof AccessDeniedException) {
            return "permission denied";
        }
        if (failure instanceof NoSuchFileException) {
            return "no such file or directory";
        }
        if (failure instanceof NotDirectoryException) {
            return "not a directory";
        }
        if (failure instanceof FileAlreadyExistsException) {
            return "it exists already";
        }
        if (failure instanceof FileSystemLoopException) {
            return "too many levels of symbolic links";
        }
        if (failure instanceof ReadOnlyFileSystemException) {
            return "read-only file system";
        }
        if (failure instanceof CharacterCodingException) {
            return "it is not UTF-8 text";
        }
        String message = failure instanceof FileSystemException file ? file.getReason() : failure.getMessage();
        if (message == null || message.isBlank()) {
            return failure instanceof IOException && !(failure instanceof FileSystemException)
                    ? "input/output error"
                    : "the system gives no reason";
        }
        return failure instanceof FileNotFoundException ? inParentheses(message) : uncapitalized(message);
    }

    /** Returns whether the user has not the rights for it. */
    public static boolean isPermission(Throwable failure) {
        return reason(failure).equals("permission denied");
    }

    /** {@code /a/b (Permission denied)}, as {@link FileNotFoundException} has it. */
    private static String inParentheses(String message) {
        int open = message.lastIndexOf('(');
        return open < 0 || !message.endsWith(")")
                ? "no such file or directory"
                : uncapitalized(message.substring(open + 1, message.length() - 1));
    }

    private static String uncapitalized(String message) {
        return message.length() > 1 && Character.isUpperCase(message.charAt(1))
                ? message
                : Character.toLowerCase(message.charAt(0)) + message.substring(1);
    }
}
