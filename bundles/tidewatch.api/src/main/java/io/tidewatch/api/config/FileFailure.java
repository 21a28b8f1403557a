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
import java.util.Map;

/** Explains failures of the file system to an operator, in the words of the system. */
public final class FileFailure {
    /** By classes of which none is a subclass of another. */
    private static final Map<Class<? extends Exception>, String> REASONS = Map.of(
            AccessDeniedException.class, "permission denied",
            NoSuchFileException.class, "no such file or directory",
            NotDirectoryException.class, "not a directory",
            FileAlreadyExistsException.class, "it exists already",
            FileSystemLoopException.class, "too many levels of symbolic links",
            ReadOnlyFileSystemException.class, "read-only file system",
            CharacterCodingException.class, "it is not UTF-8 text");

    /** What Java appends to the words of the system. */
    private static final String LOOP_OF_JAVA = " or unable to access attributes of symbolic link";

    private FileFailure() {}

    /**
     * Returns the reason of a failure without the path and without names of exceptions: {@code permission denied}, {@code
     * no such file or directory}, {@code no space left on device}.
     */
    public static String reason(Throwable failure) {
        for (Map.Entry<Class<? extends Exception>, String> known : REASONS.entrySet()) {
            if (known.getKey().isInstance(failure)) {
                return known.getValue();
            }
        }
        String message = failure instanceof FileSystemException file ? file.getReason() : failure.getMessage();
        if (message == null || message.isBlank()) {
            return failure instanceof IOException && !(failure instanceof FileSystemException)
                    ? "input/output error"
                    : "the system gives no reason";
        }
        return failure instanceof FileNotFoundException
                ? inParentheses(message)
                : uncapitalized(message.replace(LOOP_OF_JAVA, ""));
    }

    /** Returns whether the user has not the rights for it. */
    public static boolean isPermission(Throwable failure) {
        return reason(failure).equals("permission denied");
    }

    /** Returns what to do, to follow the {@link #reason} of a file or folder that cannot be read; {@code otherwise} where the
     * reason does not say it. */
    public static String cure(Throwable failure, String otherwise) {
        if (isPermission(failure)) {
            return "let the user that the agent runs as read it";
        }
        return reason(failure).startsWith("too many open files")
                ? "the machine's or the service's limit of open files (LimitNOFILE) is reached"
                : otherwise;
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
