package io.tidewatch.uploader.victoriametrics.settings;

import java.nio.file.Path;
import java.util.Optional;
import java.util.stream.Stream;

/**
 * Files that say who is trusted and who this device is, all in PEM.
 *
 * @param ca certificates of the authorities that are trusted, instead of those of the system
 * @param certificate certificate of this device, with the chain above it
 * @param key its private key
 */
public record TlsFiles(Optional<Path> ca, Optional<Path> certificate, Optional<Path> key) {
    public static final TlsFiles NONE = new TlsFiles(Optional.empty(), Optional.empty(), Optional.empty());

    /** Whether the system's authorities are trusted and this device shows no certificate. */
    public boolean isNone() {
        return equals(NONE);
    }

    /** Those that are named. */
    public Stream<Path> named() {
        return Stream.of(ca, certificate, key).flatMap(Optional::stream);
    }
}
