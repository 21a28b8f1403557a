package io.tidewatch.itest.outside;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

/** The tests that {@code docs/specification.md} names are there. */
class SpecificationPageTest {
    private static final Path ROOT = Path.of("../..");
    private static final Pattern TEST = Pattern.compile("`([A-Z]\\w+(?:Test|IT|Contract))(?:\\.(\\w+))?`");

    @Test
    void everyCriterionNamesATestOrADecision() throws IOException {
        List<String> rows = Files.readAllLines(ROOT.resolve("docs/specification.md")).stream()
                .filter(line -> line.startsWith("| ") && !line.startsWith("| Criterion"))
                .toList();
        assertThat(rows).hasSizeGreaterThan(20);
        List<String> missing = new ArrayList<>();
        int named = 0;
        for (String row : rows) {
            Matcher test = TEST.matcher(row);
            while (test.find()) {
                named++;
                if (!isThere(test.group(1), test.group(2))) {
                    missing.add(test.group());
                }
            }
        }

        assertThat(missing).as("tests that are not there").isEmpty();
        assertThat(named).isGreaterThan(20);
    }

    private static boolean isThere(String type, String method) throws IOException {
        try (Stream<Path> files = Files.walk(ROOT.resolve("bundles"))) {
            for (Path file : files.filter(file -> file.endsWith(type + ".java")).toList()) {
                if (method == null || Files.readString(file).contains("void " + method + "(")) {
                    return true;
                }
            }
        }
        return false;
    }
}
