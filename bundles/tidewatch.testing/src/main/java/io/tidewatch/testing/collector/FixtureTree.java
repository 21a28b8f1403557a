package io.tidewatch.testing.collector;

import io.tidewatch.procfs.ProcFs;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.stream.Stream;

/**
 * A copy of a fixture tree ({@code src/test/resources/fixtures/<case>/{proc,sys}}) that a test may change between two
 * passes.
 */
public final class FixtureTree {
    private final Path root;

    private FixtureTree(Path root) {
        this.root = root;
    }

    /**
     * Copies a fixture tree.
     *
     * @param name name of the case
     * @param into an empty folder, usually a {@code @TempDir}
     * @throws IOException if there is no such case, or the copy fails
     */
    public static FixtureTree copy(String name, Path into) throws IOException {
        Path source = Path.of("src/test/resources/fixtures", name);
        if (!Files.isDirectory(source)) {
            throw new IOException("No fixture tree " + source.toAbsolutePath());
        }
        try (Stream<Path> paths = Files.walk(source)) {
            paths.forEach(
                    path -> copy(path, into.resolve(source.relativize(path).toString())));
        }
        return new FixtureTree(into);
    }

    /** A tree without any file. */
    public static FixtureTree empty(Path into) {
        return new FixtureTree(into);
    }

    /** The kernel file systems of this tree. */
    public ProcFs procFs() {
        return new ProcFs(root.resolve("proc"), root.resolve("sys"), root.resolve("root"));
    }

    /** Writes a file of the tree, as {@code write("proc/stat", "cpu 1 2 3…")}. */
    public void write(String relative, String text) throws IOException {
        Path file = root.resolve(relative);
        Files.createDirectories(file.resolveSibling("."));
        Files.writeString(file, text);
    }

    /** Removes a file of the tree. */
    public void remove(String relative) throws IOException {
        Files.delete(root.resolve(relative));
    }

    private static void copy(Path from, Path to) {
        try {
            if (Files.isDirectory(from)) {
                Files.createDirectories(to);
            } else {
                Files.copy(from, to);
            }
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
