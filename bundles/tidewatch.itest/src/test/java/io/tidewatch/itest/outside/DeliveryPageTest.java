package io.tidewatch.itest.outside;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

/** The tests that docs/delivery.md names exist. */
class DeliveryPageTest {
    private static final Path ROOT = Path.of("../..");
    private static final Pattern TEST = Pattern.compile("`([A-Z][A-Za-z]+(?:Test|IT))\\.([a-z][A-Za-z]+)`");
    private static final int FEWEST = 30;

    @Test
    void everyTestThatItNamesExists() throws IOException {
        Map<String, String> sources = new HashMap<>();
        try (Stream<Path> files = Files.walk(ROOT.resolve("bundles"))) {
            for (Path file : files.filter(path -> path.toString().contains("src/test/java")
                            && path.toString().endsWith(".java"))
                    .toList()) {
                String name = file.getFileName().toString();
                sources.put(name.substring(0, name.length() - ".java".length()), Files.readString(file));
            }
        }
        Set<String> named = new TreeSet<>();
        Set<String> missing = new TreeSet<>();
        Matcher test = TEST.matcher(Files.readString(ROOT.resolve("docs/delivery.md")));
        while (test.find()) {
            named.add(test.group());
            if (!sources.getOrDefault(test.group(1), "").contains("void " + test.group(2) + "(")) {
                missing.add(test.group());
            }
        }

        assertThat(named).hasSizeGreaterThan(FEWEST);
        assertThat(missing).isEmpty();
    }
}
