package io.tidewatch.collector.filesystem;

import java.io.IOException;
import java.nio.file.FileStore;
import java.nio.file.Files;
import java.nio.file.Path;

/**
 * How much a file system holds, in bytes.
 *
 * @param size all of it; 0 if the file system does not tell
 * @param used what files and the file system itself take
 * @param available what an ordinary user may still write: what is free, without the part kept for root
 */
record Capacity(long size, long used, long available) {
    @FunctionalInterface
    interface Reader {
        /** Queries the file system of a path; blocks until the file system answers. */
        Capacity read(Path path) throws IOException;
    }

    /** The {@link Reader} of a real machine: statvfs(3), by way of the JDK. */
    static Capacity of(Path path) throws IOException {
        FileStore store = Files.getFileStore(path);
        long size = store.getTotalSpace();
        return new Capacity(size, size - store.getUnallocatedSpace(), store.getUsableSpace());
    }

    boolean isKnown() {
        return size > 0;
    }

    /** Whether the figures fit together; some file systems report more free blocks than blocks. */
    boolean isPossible() {
        return used >= 0 && available >= 0 && available <= size;
    }

    /** As df computes it, used / (used + available); hundredths, where df rounds up to whole ones. */
    double usedPercent() {
        double reachable = (double) used + available;
        return reachable > 0 ? Math.round(10_000.0 * used / reachable) / 100.0 : 100;
    }
}
