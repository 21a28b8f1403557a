package io.tidewatch.procfs;

import java.io.IOException;
import java.nio.file.Path;
import java.util.OptionalLong;
import org.osgi.annotation.versioning.ProviderType;

/**
 * Asks file systems how many more files they can hold, which Java itself cannot. A service that may be absent, and whose
 * first use costs memory: see docs/decisions/005. It keeps nothing, so it may be got and let go for each use.
 */
@ProviderType
public interface FreeInodes {
    /**
     * The free inodes of a file system, as {@code df -i} shows them. The call takes as long as the file system does, for
     * a dead server forever; interrupting it has no effect. May be called from several threads.
     *
     * @param path any file or folder on it
     * @return empty if the file system makes inodes as it needs them (btrfs, vfat)
     * @throws IOException if it cannot be asked, or this machine has no way to
     */
    OptionalLong of(Path path) throws IOException;
}
