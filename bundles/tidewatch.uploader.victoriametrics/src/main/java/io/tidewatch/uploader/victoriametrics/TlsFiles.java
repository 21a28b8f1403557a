package io.tidewatch.uploader.victoriametrics;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.BasicFileAttributes;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * Files that say who is trusted and who this device is, all in PEM.
 *
 * @param ca certificates of the authorities that are trusted, instead of those of the system
 * @param certificate certificate of this device, with the chain above it
 * @param key its private key
 */
record TlsFiles(Optional<Path> ca, Optional<Path> certificate, Optional<Path> key) {
    static final TlsFiles NONE = new TlsFiles(Optional.empty(), Optional.empty(), Optional.empty());

    /** Whether the system's authorities are trusted and this device shows no certificate. */
    boolean isNone() {
        return equals(NONE);
    }

    /** What tells a changed file from the one before, without reading it. */
    List<Object> stamp() {
        List<Object> stamp = new ArrayList<>();
        for (Optional<Path> file : List.of(ca, certificate, key)) {
            file.ifPresent(path -> stamp.add(stampOf(path)));
        }
        return stamp;
    }

    private static List<Object> stampOf(Path file) {
        try {
            BasicFileAttributes attributes = Files.readAttributes(file, BasicFileAttributes.class);
            return List.of(attributes.lastModifiedTime(), attributes.size(), String.valueOf(attributes.fileKey()));
        } catch (IOException e) {
            return List.of();
        }
    }
}
