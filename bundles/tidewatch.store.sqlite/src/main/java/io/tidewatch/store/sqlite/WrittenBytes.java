package io.tidewatch.store.sqlite;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.OptionalLong;

/**
 * What this process has had written to disks: bytes of pages that it made dirty, as the kernel counts them. Nearly all of
 * it is the store's.
 *
 * <p>Source: proc(5), {@code write_bytes} of {@code /proc/pid/io}.
 */
final class WrittenBytes {
    private static final String KEY = "write_bytes:";

    private final Path file;

    /** @param file the file {@code io} of a process */
    WrittenBytes(Path file) {
        this.file = file;
    }

    /** The bytes; empty where the kernel does not count them, or does not tell. */
    OptionalLong read() {
        try {
            return Files.readAllLines(file, StandardCharsets.ISO_8859_1).stream()
                    .filter(line -> line.startsWith(KEY))
                    .mapToLong(
                            line -> Long.parseLong(line.substring(KEY.length()).strip()))
                    .findFirst();
        } catch (IOException | NumberFormatException e) {
            // Kernels without task accounting, and systems that hide it: then there is nothing to report.
            return OptionalLong.empty();
        }
    }
}
