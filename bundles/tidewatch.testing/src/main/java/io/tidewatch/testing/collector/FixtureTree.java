package io.tidewatch.testing.collector;

import io.tidewatch.procfs.ProcFs;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.stream.Stream;

/**
 * A tree of kernel files that a test may change between two passes: a copy of a fixture tree of its module
 * ({@code src/test/resources/fixtures/<case>/{proc,sys}}), or of one of the machines that all collectors are tried on
 * ({@code bundles/tidewatch.testing/machines/<machine>.txtar}, see its README for the format).
 */
public final class FixtureTree {
    private static final Path MACHINES = Path.of("../../bundles/tidewatch.testing/machines");

    private final Path root;

    private FixtureTree(Path root) {
        this.root = root;
    }

    /** Copies a fixture tree into an empty folder, usually a {@code @TempDir}. */
    public static FixtureTree copy(String name, Path into) throws IOException {
        Path source = Path.of("src/test/resources/fixtures", name);
        if (!Files.isDirectory(source)) {
            throw new IOException("No fixture tree " + source.toAbsolutePath());
        }
        try (Stream<Path> paths = Files.walk(source)) {
            for (Path from : paths.toList()) {
                Path to = into.resolve(source.relativize(from).toString());
                if (Files.isDirectory(from)) {
                    Files.createDirectories(to);
                } else {
                    Files.copy(from, to);
                }
            }
        }
        return new FixtureTree(into);
    }

    /** Unpacks a machine into an empty folder, usually a {@code @TempDir}. */
    public static FixtureTree machine(String name, Path into) throws IOException {
        return machine(MACHINES, name, into);
    }

    /** As {@link #machine(String, Path)}, for tests that do not run in the folder of a bundle. */
    public static FixtureTree machine(Path machines, String name, Path into) throws IOException {
        FixtureTree tree = new FixtureTree(into);
        Txtar.unpack(machines.resolve(name + ".txtar"), into);
        return tree;
    }

    /** The changes that come over a machine between two passes: {@code <name>.next.txtar}. */
    public void next(String name) throws IOException {
        next(MACHINES, name);
    }

    /** As {@link #next(String)}, for tests that do not run in the folder of a bundle. */
    public void next(Path machines, String name) throws IOException {
        Txtar.unpack(machines.resolve(name + ".next.txtar"), root);
    }

    public static FixtureTree empty(Path into) {
        return new FixtureTree(into);
    }

    /** Puts a folder where a file is expected: one that exists and cannot be read. */
    public void makeUnreadable(String relative) throws IOException {
        Files.deleteIfExists(root.resolve(relative));
        Files.createDirectories(root.resolve(relative));
    }

    public ProcFs procFs() {
        return new ProcFs(root.resolve("proc"), root.resolve("sys"), root.resolve("root"));
    }

    /** Writes a file of the tree, as {@code write("proc/stat", "cpu 1 2 3…")}. */
    public void write(String relative, String text) throws IOException {
        Txtar.replace(root.resolve(relative), text);
    }

    /** Makes a symbolic link, in place of what was there; its target, seen from its folder, need not exist. */
    public void link(String relative, String target) throws IOException {
        Txtar.link(root.resolve(relative), target);
    }

    /** Removes a file of the tree, or a folder with everything in it. */
    public void remove(String relative) throws IOException {
        Txtar.remove(root.resolve(relative));
    }
}
