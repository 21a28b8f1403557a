package io.tidewatch.store.sqlite.db;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.TreeSet;

/**
 * Finds the other processes that hold locks on a file. A reader of an SQLite database in WAL mode holds one on the index of
 * the log ({@code -shm}) for as long as its transaction lasts.
 *
 * <p>Source: proc(5), {@code /proc/locks}: number, type, mode, access, process, {@code major:minor:inode}, range; a line of
 * a process that waits has an arrow after its number.
 */
public final class LockHolders {
    private static final int PROCESS = 4;
    private static final int FILE = 5;

    private LockHolders() {}

    /** Names them, for a message: {@code sqlite3 (process 1234)}; how to find them where the kernel does not tell. */
    public static String of(Path file) {
        return of(file, Path.of("/proc"), ProcessHandle.current().pid());
    }

    public static String of(Path file, Path proc, long self) {
        TreeSet<String> names = new TreeSet<>();
        try {
            String inode = ":" + Files.getAttribute(file, "unix:ino");
            for (String line : Files.readAllLines(proc.resolve("locks"), StandardCharsets.ISO_8859_1)) {
                String[] fields = line.strip().split("\\s+", -1);
                if (fields.length > FILE
                        && fields[FILE].endsWith(inode)
                        && !fields[PROCESS].equals(String.valueOf(self))) {
                    names.add(name(proc, fields[PROCESS]));
                }
            }
        } catch (IOException | UnsupportedOperationException | IllegalArgumentException e) {
            // No /proc, or a file system without inodes.
            names.clear();
        }
        return names.isEmpty() ? "that program (\"sudo fuser -v " + file + "\" names it)" : String.join(", ", names);
    }

    private static String name(Path proc, String process) {
        try {
            String command = Files.readString(proc.resolve(process).resolve("comm"), StandardCharsets.ISO_8859_1);
            return command.strip() + " (process " + process + ")";
        } catch (IOException e) {
            // Processes of others are hidden from the agent's unit (ProtectProc=invisible).
            return "process " + process;
        }
    }
}
