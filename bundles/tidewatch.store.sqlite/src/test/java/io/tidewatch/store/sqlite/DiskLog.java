package io.tidewatch.store.sqlite;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/**
 * What a process did to the files of one folder, in order: the log of {@code src/test/c/disklog.c}, which is preloaded
 * into the process.
 */
final class DiskLog {
    /** Number of the folder itself. */
    static final int FOLDER = 0;

    /** What was done, in the order of the numbers in the log, from 1. */
    enum Type {
        CREATE,
        WRITE,
        TRUNCATE,
        SYNC_BEGIN,
        SYNC_END,
        UNLINK,
        RENAME
    }

    /**
     * One call.
     *
     * @param type what it did
     * @param file number of the file
     * @param offset where it wrote, the new size, or the number of the sync
     * @param data what it wrote, or the name that it was about
     */
    record Event(Type type, int file, long offset, ByteBuffer data) {
        String name() {
            return StandardCharsets.UTF_8.decode(data.duplicate()).toString();
        }
    }

    private static final int HEADER = 20;
    private static final Type[] TYPES = Type.values();

    private DiskLog() {}

    /** Makes a process log what it does in a folder. */
    static void preload(ProcessBuilder process, Path library, Path folder, Path log) throws IOException {
        process.environment().put("LD_PRELOAD", library.toAbsolutePath().toString());
        process.environment().put("DISKLOG_FOLDER", folder.toRealPath().toString());
        process.environment().put("DISKLOG_FILE", log.toString());
    }

    static List<Event> read(Path log) throws IOException {
        ByteBuffer in = ByteBuffer.wrap(Files.readAllBytes(log)).order(ByteOrder.nativeOrder());
        List<Event> events = new ArrayList<>();
        while (in.remaining() >= HEADER) {
            Type type = TYPES[in.getInt() - 1];
            int file = in.getInt();
            long offset = in.getLong();
            int length = in.getInt();
            ByteBuffer data = in.slice(in.position(), length);
            in.position(in.position() + length);
            events.add(new Event(type, file, offset, data));
        }
        return events;
    }
}
