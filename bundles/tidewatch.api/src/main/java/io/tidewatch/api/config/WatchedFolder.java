package io.tidewatch.api.config;

import java.io.IOException;
import java.nio.file.DirectoryIteratorException;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.NavigableMap;
import java.util.NavigableSet;
import java.util.TreeMap;
import java.util.TreeSet;
import org.jspecify.annotations.Nullable;

/**
 * A folder of which files are read again when they change. Its subfolders are not looked into. Safe for use by several
 * threads.
 *
 * @param path the folder
 */
public record WatchedFolder(Path path) {
    /**
     * Returns what is in it.
     *
     * @param pattern over whole names, as of {@link Files#newDirectoryStream(Path, String)}
     * @throws IOException if the folder cannot be read
     */
    public NavigableSet<Path> list(String pattern) throws IOException {
        NavigableSet<Path> files = new TreeSet<>();
        try (DirectoryStream<Path> found = Files.newDirectoryStream(path, pattern)) {
            found.forEach(files::add);
        } catch (DirectoryIteratorException e) {
            throw e.getCause();
        }
        return files;
    }

    /**
     * Returns the same with stamps, of which each differs once the file is another one or was changed: an edit that keeps size
     * and modification time as well. A link to nothing, and a file that cannot be examined, has a stamp too.
     *
     * @throws IOException if the folder cannot be read
     */
    public NavigableMap<Path, String> stamps(String pattern) throws IOException {
        NavigableMap<Path, String> stamps = new TreeMap<>();
        for (Path file : list(pattern)) {
            try {
                String stamp = stamp(file);
                if (stamp != null) {
                    stamps.put(file, stamp);
                }
            } catch (IOException e) {
                stamps.put(file, FileFailure.reason(e));
            }
        }
        return stamps;
    }

    /**
     * Returns the stamp of one file; null if it is gone.
     *
     * @throws IOException if the file cannot be examined, or is a link to nothing
     */
    public static @Nullable String stamp(Path file) throws IOException {
        try {
            return Files.readAttributes(file, "unix:ino,size,ctime,lastModifiedTime")
                    .toString();
        } catch (NoSuchFileException e) {
            if (Files.exists(file, LinkOption.NOFOLLOW_LINKS)) {
                throw e;
            }
            return null;
        } catch (UnsupportedOperationException | IllegalArgumentException e) {
            // No such attributes on this system.
            return Files.readAttributes(file, "size,lastModifiedTime").toString();
        }
    }
}
