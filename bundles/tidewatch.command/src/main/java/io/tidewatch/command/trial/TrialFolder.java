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
record TrialFolder(Path path) implements AutoCloseable {
    TrialFolder() throws IOException {
        this(Files.createTempDirectory("tidewatch-try-"));
    }

    /** Writes a .cfg file; returns its folder, which has no other. */
    Path write(String pid, Map<String, String> settings) throws IOException {
        Path config = Files.createDirectory(path.resolve("config"));
        Properties file = new Properties();
        settings.forEach((key, value) -> file.setProperty(key, value.replace("${", "$${")));
        try (OutputStream out = Files.newOutputStream(config.resolve(pid + ".cfg"))) {
            file.store(out, null);
        }
        return config;
    }

    /** Links a file into a folder that has no other. */
    Path folderOf(Path file) throws IOException {
        Path target = Files.createDirectory(path.resolve("files"));
        Files.createSymbolicLink(target.resolve(file.getFileName()), file.toAbsolutePath());
        return target;
    }

    @Override
    public void close() {
        try (Stream<Path> files = Files.walk(path)) {
            for (Path file : files.sorted(Comparator.reverseOrder()).toList()) {
                Files.deleteIfExists(file);
            }
        } catch (IOException | UncheckedIOException e) {
            // Removed already, or a collector still writes: the system removes what is left.
            return;
        }
    }
}
