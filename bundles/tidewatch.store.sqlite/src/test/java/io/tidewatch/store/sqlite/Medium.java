package io.tidewatch.store.sqlite;

import io.tidewatch.store.sqlite.db.LogSync;
import java.io.BufferedInputStream;
import java.io.DataInputStream;
import java.io.EOFException;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.BitSet;

/**
 * Counts what a layout writes: by the frames of its log and the pages that a checkpoint copies back, which is what SQLite
 * writes (https://sqlite.org/fileformat2.html, 4.1), and by what the kernel sends to the medium for this process
 * (write_bytes of /proc/self/io, whole pages of memory).
 */
final class Medium {
    private static final int HEADER = 32;
    private static final int FRAME_HEADER = 24;

    private final MeasuredLayout layout;
    private final Path log;
    private final long kernelBefore;
    private long logBytes;
    private long pageBytes;

    Medium(MeasuredLayout layout) throws IOException {
        this.layout = layout;
        log = layout.file().resolveSibling(layout.file().getFileName() + "-wal");
        kernelBefore = kernel();
    }

    /** Makes what is committed durable, as the store does each sync interval. */
    void sync() throws IOException {
        LogSync.force(log);
    }

    /** Cuts the log, which is counted before. */
    void checkpoint() throws Exception {
        BitSet pages = new BitSet();
        int pageSize = 0;
        try (DataInputStream in = new DataInputStream(new BufferedInputStream(Files.newInputStream(log)))) {
            in.skipNBytes(8);
            pageSize = in.readInt();
            in.skipNBytes(HEADER - 12);
            while (true) {
                pages.set(in.readInt());
                in.skipNBytes(FRAME_HEADER - 4 + pageSize);
            }
        } catch (EOFException e) {
            // The end of the log.
        }
        logBytes += Files.size(log);
        pageBytes += (long) pages.cardinality() * pageSize;
        layout.checkpoint();
    }

    long logBytes() {
        return logBytes;
    }

    long pageBytes() {
        return pageBytes;
    }

    /** What the kernel counted since the start. */
    long kernelBytes() throws IOException {
        return kernel() - kernelBefore;
    }

    private static long kernel() throws IOException {
        for (String line : Files.readAllLines(Path.of("/proc/self/io"))) {
            if (line.startsWith("write_bytes: ")) {
                return Long.parseLong(line.substring("write_bytes: ".length()));
            }
        }
        throw new IOException("/proc/self/io has no write_bytes");
    }
}
