package io.tidewatch.command.trial;

import java.io.IOException;
import java.io.OutputStream;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Comparator;
import java.util.Map;
import java.util.Properties;
import java.util.stream.Stream;

/** A temporary folder, for one trial. */
final class TrialFolder implements AutoCloseable {
    private final Path folder;

    TrialFolder() throws IOException {
        folder = Files.createTempDirectory("tidewatch-try-");
    }

    Path path() {
        return folder;
    }

    /** Writes a .cfg file; returns its folder, which has no other. */
    Path write(String pid, Map<String, String> settings) throws IOException {
        Path config = Files.createDirectory(folder.resolve("config"));
        Properties file = new Properties();
        settings.forEach((key, value) -> file.setProperty(key, value.replace("${", "$${")));
        try (OutputStream out = Files.newOutputStream(config.resolve(pid + ".cfg"))) {
            file.store(out, null);
        }
        return config;
    }

    /** Links a file into a folder that has no other. */
    Path folderOf(Path file) throws IOException {
        Path target = Files.createDirectory(folder.resolve("files"));
        Files.createSymbolicLink(target.resolve(file.getFileName()), file.toAbsolutePath());
        return target;
    }

    @Override
    public void close() {
        try (Stream<Path> files = Files.walk(folder)) {
            for (Path file : files.sorted(Comparator.reverseOrder()).toList()) {
                Files.deleteIfExists(file);
            }
        } catch (IOException | UncheckedIOException e) {
            // Removed already, or a collector still writes: the system removes what is left.
            return;
        }
    }
}
