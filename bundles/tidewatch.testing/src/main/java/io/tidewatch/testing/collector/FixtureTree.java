package io.tidewatch.testing.collector;

import io.tidewatch.procfs.ProcFs;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.Comparator;
import java.util.List;
import java.util.stream.Stream;

/**
 * A tree of kernel files that a test may change between two passes: a copy of a fixture tree of its module
 * ({@code src/test/resources/fixtures/<case>/{proc,sys}}), or of one of the machines that all collectors are tried on
 * ({@code bundles/tidewatch.testing/machines/<machine>.txtar}).
 *
 * <p>A machine is many small text files in one that people can read: the txtar format. A line {@code -- path/of/file --}
 * begins a file, the lines up to the next such line are its text. The lines before the first file are a comment; of these,
 * {@code remove path} takes a file or folder away. A path that ends in {@code /} makes a folder; where a file is expected,
 * that is one that cannot be read. {@code -- path -> target --} makes a symbolic link.
 *
 * <p>Source of the format: https://pkg.go.dev/golang.org/x/tools/txtar
 */
public final class FixtureTree {
    private static final Path MACHINES = Path.of("../../bundles/tidewatch.testing/machines");
    private static final String REMOVE = "remove ";
    private static final String BEGIN = "-- ";
    private static final String END = " --";
    private static final String LINK = " -> ";

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
        FixtureTree tree = new FixtureTree(into);
        tree.unpack(name + ".txtar");
        return tree;
    }

    /** The changes that come over a machine between two passes: {@code <name>.next.txtar}. */
    public void next(String name) throws IOException {
        unpack(name + ".next.txtar");
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

    /** Writes a file of the tree, as {@code write("proc/stat", "cpu 1 2 3…")}. A reader sees the old text or the new one. */
    public void write(String relative, String text) throws IOException {
        Path file = root.resolve(relative);
        Files.createDirectories(file.resolveSibling("."));
        Path fresh = file.resolveSibling("." + file.getFileName() + ".new");
        Files.writeString(fresh, text);
        Files.move(fresh, file, StandardCopyOption.ATOMIC_MOVE, StandardCopyOption.REPLACE_EXISTING);
    }

    /** Makes a symbolic link, in place of what was there; its target, seen from its folder, need not exist. */
    public void link(String relative, String target) throws IOException {
        Path link = root.resolve(relative);
        Files.createDirectories(link.resolveSibling("."));
        Files.deleteIfExists(link);
        Files.createSymbolicLink(link, Path.of(target));
    }

    /** Removes a file of the tree, or a folder with everything in it. */
    public void remove(String relative) throws IOException {
        try (Stream<Path> paths = Files.walk(root.resolve(relative))) {
            for (Path each : paths.sorted(Comparator.reverseOrder()).toList()) {
                Files.delete(each);
            }
        }
    }

    /** Writes the files of an archive over what is there. */
    private void unpack(String archive) throws IOException {
        List<String> lines = Files.readAllLines(MACHINES.resolve(archive));
        int i = 0;
        for (; i < lines.size() && !isHeader(lines.get(i)); i++) {
            if (lines.get(i).startsWith(REMOVE)) {
                remove(lines.get(i).substring(REMOVE.length()));
            }
        }
        while (i < lines.size()) {
            String header = lines.get(i++);
            String name = header.substring(BEGIN.length(), header.length() - END.length());
            StringBuilder text = new StringBuilder();
            for (; i < lines.size() && !isHeader(lines.get(i)); i++) {
                text.append(lines.get(i)).append('\n');
            }
            int link = name.indexOf(LINK);
            if (link > 0) {
                link(name.substring(0, link), name.substring(link + LINK.length()));
            } else if (name.endsWith("/")) {
                Files.createDirectories(root.resolve(name));
            } else {
                write(name, text.toString());
            }
        }
    }

    private static boolean isHeader(String line) {
        return line.startsWith(BEGIN) && line.endsWith(END) && line.length() > BEGIN.length() + END.length();
    }
}
