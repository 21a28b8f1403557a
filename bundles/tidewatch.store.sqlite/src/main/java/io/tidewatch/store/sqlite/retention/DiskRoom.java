package io.tidewatch.store.sqlite.retention;

import io.tidewatch.store.sqlite.db.Platform.FreeSpace;
import java.io.IOException;
import java.nio.file.Path;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** The room on the disk of a database. */
final class DiskRoom {
    private static final Logger LOG = LoggerFactory.getLogger(DiskRoom.class);

    private final Path file;
    private final FreeSpace freeSpace;
    private boolean isLow;

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

    /** Logs when free space becomes scarce, and when it no longer is. */
    void note(long free, long minFree) {
        boolean low = free < minFree;
        if (low && !isLow) {
            LOG.warn(
                    "The file system of {} has {} bytes left, less than min.free ({}): delivered samples are evicted;"
                            + " make room, or lower min.free",
                    file,
                    free,
                    minFree);
        } else if (isLow && !low) {
            LOG.info("The file system of {} has enough room again", file);
        }
        isLow = low;
    }
}
