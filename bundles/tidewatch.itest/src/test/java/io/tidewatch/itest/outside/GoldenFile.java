package io.tidewatch.itest.outside;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;

/**
 * What a test is expected to find, in a file beside the tests. {@code -Dtidewatch.golden=rewrite} writes it anew; then read
 * what has changed, line by line, before you commit it.
 */
final class GoldenFile {
    private static final Path FOLDER = Path.of("src/test/resources/golden");
    private static final String REWRITE = "rewrite";

    private final Path file;

    GoldenFile(String name) {
        file = FOLDER.resolve(name + ".txt");
    }

    /** All there are. */
    static List<Path> all() throws IOException {
        try (Stream<Path> files = Files.list(FOLDER)) {
            return files.sorted().toList();
        }
    }

    /** Compares. */
    void holds(List<String> lines) throws IOException {
        if (REWRITE.equals(System.getProperty("tidewatch.golden"))) {
            Files.createDirectories(FOLDER);
            Files.write(file, lines);
            return;
        }
        assertThat(lines)
                .as(file + "; -Dtidewatch.golden=rewrite writes it anew")
                .containsExactlyElementsOf(Files.readAllLines(file));
    }
}
