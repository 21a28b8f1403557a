package io.tidewatch.itest.outside;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

/** Main files that are shipped stay short. */
class FileLengthTest {
    private static final Path BUNDLES = Path.of("..");
    private static final int MOST = 300;

    @Test
    void mainFilesStayShort() throws IOException {
        Map<String, Integer> tooLong = new TreeMap<>();
        List<Path> shipped = shipped();
        for (Path file : shipped) {
            int lines = Files.readAllLines(file).size();
            if (lines > MOST) {
                tooLong.put(BUNDLES.relativize(file).toString(), lines);
            }
        }
        assertThat(shipped).hasSizeGreaterThan(400);
        assertThat(tooLong).isEmpty();
    }

    /** The sources that are shipped. */
    static List<Path> shipped() throws IOException {
        try (Stream<Path> files = Files.walk(BUNDLES)) {
            return files.filter(FileLengthTest::isShipped).toList();
        }
    }

    private static boolean isShipped(Path file) {
        String path = file.toString();
        return path.endsWith(".java")
                && path.contains("/src/main/")
                && !path.contains("tidewatch.itest")
                && !path.contains("tidewatch.testing");
    }
}
