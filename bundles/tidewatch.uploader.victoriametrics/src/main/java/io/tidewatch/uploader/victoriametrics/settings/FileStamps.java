package io.tidewatch.uploader.victoriametrics.settings;

import io.tidewatch.api.config.WatchedFolder;
import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;

/**
 * Stamps that distinguish changed files from the previous ones without reading them, as {@link WatchedFolder} does. A file that is not there,
 * or may not be looked at, differs from any other.
 */
public final class FileStamps {
    private FileStamps() {}

    /** The stamps of files, in their order. */
    public static List<String> of(Stream<Path> files) {
        return files.map(FileStamps::of).toList();
    }

    private static String of(Path file) {
        try {
            return String.valueOf(WatchedFolder.stamp(file));
        } catch (IOException e) {
            return "";
        }
    }
}
