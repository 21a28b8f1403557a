package io.tidewatch.collector.filesystem;

import java.util.Collection;
import java.util.HashMap;
import java.util.HashSet;
import java.util.Map;
import java.util.Set;
import org.slf4j.Logger;

/** Logs what is wrong with file systems: once when it begins or changes, and once when it is over. */
final class MountLog {
    private final Logger log;
    private final Map<String, String> troubles = new HashMap<>();
    private boolean inodesMissing;

    MountLog(Logger log) {
        this.log = log;
    }

    /**
     * Something is wrong with it.
     *
     * @param trouble ends the sentence "The file system …"
     */
    void trouble(String name, String trouble) {
        if (!trouble.equals(troubles.put(name, trouble))) {
            log.warn("The file system '{}' {}", name, trouble);
        }
    }

    /** Nothing is wrong with it. */
    void answered(String name) {
        if (troubles.remove(name) != null) {
            log.info("The file system '{}' answers again", name);
        }
    }

    /** Whether free inodes are wanted and no bundle counts them. */
    void inodesMissing(boolean missing) {
        if (missing && !inodesMissing) {
            log.warn("inodes = true, but no bundle counts free inodes; install tidewatch.statvfs");
        }
        inodesMissing = missing;
    }

    /** Forgets all but these: the others are not mounted any more, or of no interest. */
    void retain(Collection<Mount> mounts) {
        Set<String> names = new HashSet<>();
        mounts.forEach(mount -> names.add(mount.name()));
        troubles.keySet().retainAll(names);
    }
}
