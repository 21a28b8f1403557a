package io.tidewatch.uploader.victoriametrics.settings;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.BasicFileAttributes;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;

/**
 * What tells changed files from those before, without reading them: which file it is, its size, and when it was changed,
 * also in its rights and owner (ctime). A file that is not there, or may not be looked at, differs from any other.
 */
public final class FileStamps {
    private FileStamps() {}

    /** The stamps of files, in their order. */
    public static List<Object> of(Stream<Path> files) {
        List<Object> stamps = new ArrayList<>();
        files.forEach(file -> stamps.add(of(file)));
        return stamps;
    }

    private static Object of(Path file) {
        try {
            Map<String, Object> attributes = Files.readAttributes(file, "unix:ctime,lastModifiedTime,size,fileKey");
            return Map.copyOf(attributes);
        } catch (UnsupportedOperationException e) {
            return withoutRights(file);
        } catch (IOException e) {
            return List.of();
        }
    }

    private static Object withoutRights(Path file) {
        try {
            BasicFileAttributes attributes = Files.readAttributes(file, BasicFileAttributes.class);
            return List.of(attributes.lastModifiedTime(), attributes.size(), String.valueOf(attributes.fileKey()));
        } catch (IOException e) {
            return List.of();
        }
    }
}
