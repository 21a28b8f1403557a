package io.tidewatch.uploader.victoriametrics.settings;

import io.tidewatch.api.config.WatchedFolder;
import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;

/**
 * Files that say who is trusted and who this device is, all in PEM.
 *
 * @param ca certificates of the authorities that are trusted, instead of those of the system
 * @param certificate certificate of this device, with the chain above it
 */
public record TlsFiles(Optional<Path> ca, Optional<Path> certificate, Optional<Path> key) {
    /** The system's authorities are trusted and this device shows no certificate. */
    public static final TlsFiles NONE = new TlsFiles(Optional.empty(), Optional.empty(), Optional.empty());

    Stream<Path> named() {
        return Stream.of(ca, certificate, key).flatMap(Optional::stream);
    }

    /** Returns stamps that distinguish changed files from the previous ones without reading them. */
    public List<String> stamps() {
        return named().map(TlsFiles::stamp).toList();
    }

    /** Returns the stamp of {@link WatchedFolder}; for a file that is not there or may not be looked at, no file's. */
    static String stamp(Path file) {
        try {
            return String.valueOf(WatchedFolder.stamp(file));
        } catch (IOException e) {
            return "";
        }
    }
}
