package io.tidewatch.command.trial;

import java.io.IOException;
import java.io.OutputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.Comparator;
import java.util.Map;
import java.util.Properties;
import java.util.stream.Stream;

/** A temporary folder, for one trial. It is also removed when the process is told to end. */
final class TrialFolder implements AutoCloseable {
    private final Path folder;

    TrialFolder() throws IOException {
        folder = Files.createTempDirectory("tidewatch-try-");
        Runtime.getRuntime().addShutdownHook(new Thread(this::close, "try-end"));
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

    /** Copies a file, time of its last change included, into a folder that has no other. */
    Path holding(Path file) throws IOException {
        Path target = Files.createDirectory(folder.resolve("files"));
        Files.copy(file, target.resolve(file.getFileName()), StandardCopyOption.COPY_ATTRIBUTES);
        return target;
    }

    @Override
    public void close() {
        try (Stream<Path> files = Files.walk(folder)) {
            for (Path file : files.sorted(Comparator.reverseOrder()).toList()) {
                Files.deleteIfExists(file);
            }
        } catch (IOException e) {
            // Removed already, or a collector still writes: the system removes what is left.
            return;
        }
    }
}
