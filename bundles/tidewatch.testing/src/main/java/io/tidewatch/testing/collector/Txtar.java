package io.tidewatch.testing.collector;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.Comparator;
import java.util.List;
import java.util.stream.Stream;

/**
 * Many small text files in one that people can read: the txtar format. A line {@code -- path/of/file --} begins a file,
 * the lines up to the next such line are its text. The lines before the first file are a comment; of these,
 * {@code remove path} takes a file or folder away. A path that ends in {@code /} makes a folder; where a file is expected,
 * that is one that cannot be read. {@code -- path -> target --} makes a symbolic link.
 *
 * <p>Source of the format: https://pkg.go.dev/golang.org/x/tools/txtar
 */
final class Txtar {
    private static final String REMOVE = "remove ";
    private static final String BEGIN = "-- ";
    private static final String END = " --";
    private static final String LINK = " -> ";

    private Txtar() {}

    /** Writes the files of an archive below a folder, over what is there. Each is replaced in one step. */
    static void unpack(Path archive, Path into) throws IOException {
        List<String> lines = Files.readAllLines(archive);
        int i = 0;
        for (; i < lines.size() && !isHeader(lines.get(i)); i++) {
            if (lines.get(i).startsWith(REMOVE)) {
                remove(into.resolve(lines.get(i).substring(REMOVE.length())));
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
                link(into.resolve(name.substring(0, link)), name.substring(link + LINK.length()));
            } else if (name.endsWith("/")) {
                Files.createDirectories(into.resolve(name));
            } else {
                replace(into.resolve(name), text.toString());
            }
        }
    }

    /** A reader sees the old text or the new one. */
    static void replace(Path file, String text) throws IOException {
        Files.createDirectories(file.resolveSibling("."));
        Path fresh = file.resolveSibling("." + file.getFileName() + ".new");
        Files.writeString(fresh, text);
        Files.move(fresh, file, StandardCopyOption.ATOMIC_MOVE, StandardCopyOption.REPLACE_EXISTING);
    }

    static void link(Path link, String target) throws IOException {
        Files.createDirectories(link.resolveSibling("."));
        Files.deleteIfExists(link);
        Files.createSymbolicLink(link, Path.of(target));
    }

    static void remove(Path path) throws IOException {
        try (Stream<Path> paths = Files.walk(path)) {
            for (Path each : paths.sorted(Comparator.reverseOrder()).toList()) {
                Files.delete(each);
            }
        }
    }

    private static boolean isHeader(String line) {
        return line.startsWith(BEGIN) && line.endsWith(END) && line.length() > BEGIN.length() + END.length();
    }
}
