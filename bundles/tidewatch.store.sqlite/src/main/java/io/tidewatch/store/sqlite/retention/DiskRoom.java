package io.tidewatch.store.sqlite.retention;

import io.tidewatch.store.sqlite.db.Platform.FreeSpace;
import java.io.IOException;
import java.nio.file.Path;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** The room on the disk of a database. */
final class DiskRoom {
    private static final Logger LOG = LoggerFactory.getLogger(DiskRoom.class);

    private final Path file;
    private final FreeSpace freeSpace;
    private volatile @Nullable String shortage;

    DiskRoom(Path file, FreeSpace freeSpace) {
        this.file = file;
        this.freeSpace = freeSpace;
    }

    /** In bytes; the largest number if the file system does not tell, since it refuses a write when it is full. */
    long usable() {
        try {
            return freeSpace.usable(file);
        } catch (IOException e) {
            return Long.MAX_VALUE;
        }
    }

    /** Notes, and logs, when free space becomes scarce, and when it no longer is. */
    void note(long free, long minFree) {
        String before = shortage;
        String now = free >= minFree
                ? null
                : "The file system of " + file + " has " + (free >> 20) + " MiB left, less than min.free ("
                        + (minFree >> 20) + " MiB): delivered samples are evicted; make room, or lower min.free";
        shortage = now;
        if (now != null && before == null) {
            LOG.warn(now);
        } else if (now == null && before != null) {
            LOG.info("The file system of {} has enough room again", file);
        }
    }

    /** What is short and what to do about it, as of the last note; null if nothing is. */
    @Nullable
    String shortage() {
        return shortage;
    }
}
