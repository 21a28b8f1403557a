package io.tidewatch.config;

import io.tidewatch.api.config.FileFailure;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.FileAttribute;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.Arrays;
import java.util.Optional;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Copies of the .cfg files that were last good, as written, in a folder of the agent's own: what a power cut empties is not
 * lost. Placeholders are not resolved in them, and only their owner may read them. Trouble with a copy is logged; it keeps
 * no configuration from being used.
 *
 * @param folder is made when there is something to keep
 */
record LastGoodFiles(Path folder) {
    private static final Logger LOG = LoggerFactory.getLogger(LastGoodFiles.class);
    private static final FileAttribute<?> OWNER_ONLY =
            PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rw-------"));

    /** Keeps a copy, if there is none like it. */
    void keep(String name, byte[] content) {
        try {
            if (Arrays.equals(content, read(name).orElse(null))) {
                return;
            }
            Files.createDirectories(folder);
            Path fresh = folder.resolve(name + ".new");
            Files.deleteIfExists(fresh);
            Files.createFile(fresh, OWNER_ONLY);
            Files.write(fresh, content, StandardOpenOption.WRITE, StandardOpenOption.SYNC);
            Files.move(fresh, folder.resolve(name), StandardCopyOption.ATOMIC_MOVE);
        } catch (IOException e) {
            LOG.warn(
                    "No copy of {} can be kept in {} ({}); if a power cut empties it, the defaults are used",
                    name,
                    folder,
                    FileFailure.reason(e));
        }
    }

    Optional<byte[]> read(String name) throws IOException {
        return CfgFile.content(folder.resolve(name));
    }

    /** The file was removed on purpose. */
    void forget(String name) {
        try {
            Files.deleteIfExists(folder.resolve(name));
        } catch (IOException e) {
            LOG.warn("The copy of {} in {} cannot be removed ({})", name, folder, FileFailure.reason(e));
        }
    }
}
