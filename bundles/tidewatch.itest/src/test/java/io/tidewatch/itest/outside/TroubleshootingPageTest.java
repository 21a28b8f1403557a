package io.tidewatch.itest.outside;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

/** What docs/troubleshooting.md and docs/hot-deployment.md have log, health and doctor say is what the code says. */
class TroubleshootingPageTest {
    private static final Path ROOT = Path.of("../..");
    private static final Path PAGE = ROOT.resolve("docs/troubleshooting.md");
    private static final Pattern QUOTED = Pattern.compile("`([^`]+)`");
    private static final Pattern CONCATENATION = Pattern.compile("\"\\s*\\+\\s*\"");
    private static final String HEAD = "| Message |";
    private static final int FEWEST = 70;
    private static final int SHORTEST = 7;

    @Test
    void everyMessageOfThePageIsInTheSources() throws IOException {
        List<String> sources = sources();
        List<String> messages = messages();
        assertThat(messages).hasSizeGreaterThan(FEWEST);
        List<String> unknown = messages.stream()
                .filter(message -> sources.stream().noneMatch(source -> says(source, message)))
                .toList();
        assertThat(unknown).isEmpty();
    }

    /** The column "Health" of the table of failures. */
    @Test
    void everyFailureOfHotDeploymentIsInTheSources() throws IOException {
        List<String> sources = sources();
        List<String> messages = new ArrayList<>();
        for (String line : Files.readAllLines(ROOT.resolve("docs/hot-deployment.md"))) {
            if (line.startsWith("| ") && line.split("\\|", -1).length == 5) {
                QUOTED.matcher(line.split("\\|", -1)[2])
                        .results()
                        .map(quoted -> quoted.group(1))
                        .filter(quoted -> quoted.contains(" "))
                        // What is quoted of other people's text stands between a colon and the advice.
                        .map(quoted -> quoted.replaceFirst("(failed: |made: ).*", "$1…")
                                .replaceFirst("timeout of 5s", "timeout of …")
                                .replaceFirst("its start for", "its … for")
                                .replaceFirst("package \\(osgi.*\\)", "…")
                                .replaceFirst("Bundle-SymbolicName", "…")
                                .replaceFirst("this is 17", "this is …"))
                        .forEach(messages::add);
            }
        }
        assertThat(messages).hasSizeGreaterThan(10);
        assertThat(messages.stream().filter(message -> sources.stream().noneMatch(source -> says(source, message))))
                .isEmpty();
    }

    @Test
    void everyExitCodeIsExplained() throws IOException {
        String source = Files.readString(
                ROOT.resolve("bundles/tidewatch.launcher/src/main/java/io/tidewatch/launcher/ExitCode.java"));
        List<String> codes = Pattern.compile("[A-Z_]+\\(\\s*(\\d+),")
                .matcher(source)
                .results()
                .map(code -> code.group(1))
                .toList();
        assertThat(codes).hasSizeGreaterThan(4);
        List<String> lines = Files.readAllLines(PAGE);
        assertThat(codes).allMatch(code -> lines.stream().anyMatch(line -> line.startsWith("| " + code + " |")));
    }

    /** An anchor, a heading and a row of the overview belong together. */
    @Test
    void theOverviewLeadsToEverySection() throws IOException {
        MarkdownPage page = new MarkdownPage(PAGE);
        Set<String> sections = page.prose().stream()
                .filter(line -> line.startsWith("## "))
                .map(line -> "#"
                        + line.substring(3)
                                .toLowerCase(Locale.ROOT)
                                .replace(".", "")
                                .replace(' ', '-'))
                .collect(Collectors.toSet());
        assertThat(page.links()).containsAll(sections);
    }

    @Test
    void tellsWhatTheCodeSaysFromWhatItDoesNot() {
        String source = "LOG.warn(\"Two {} are\"\n   + \" here\", two); return a + \" is \\\"gone\\\" now\";"
                .replace("\\\"", "\"");

        assertThat(says(joined(source), "Two … are here")).isTrue();
        assertThat(says(joined(source), "Two … were here")).isFalse();
        assertThat(says(joined("say('other words')"), "Two … are here")).isFalse();
    }

    private static boolean says(String source, String message) {
        List<String> parts = constantParts(message);
        assertThat(parts.stream().mapToInt(String::length).sum())
                .as("constant text of '" + message + "'")
                .isGreaterThanOrEqualTo(SHORTEST);
        return parts.stream().allMatch(source::contains);
    }

    private static List<String> constantParts(String message) {
        return Arrays.stream(message.split("…", -1))
                .map(part -> part.replaceFirst("^[\\[\\] ().:;,]+", "").replaceFirst("[\\[\\] ().:;,]+$", ""))
                .filter(part -> !part.isEmpty())
                .toList();
    }

    private static List<String> messages() throws IOException {
        List<String> messages = new ArrayList<>();
        boolean table = false;
        for (String line : Files.readAllLines(PAGE)) {
            table = line.startsWith(HEAD) || (table && line.startsWith("|"));
            if (table) {
                Matcher quoted = QUOTED.matcher(line.split("\\|", -1)[1]);
                while (quoted.find()) {
                    messages.add(quoted.group(1));
                }
            }
        }
        return messages;
    }

    private static List<String> sources() throws IOException {
        List<String> sources = new ArrayList<>();
        sources.add(Files.readString(ROOT.resolve("distribution/src/tree/bin/tidewatch")));
        try (Stream<Path> files = Files.walk(ROOT.resolve("bundles"))) {
            for (Path file : files.filter(path -> path.toString().endsWith(".java"))
                    .filter(path -> path.toString().contains("src/main/java"))
                    .filter(path -> !path.toString().matches(".*tidewatch\\.(testing|itest)/.*"))
                    .toList()) {
                sources.add(joined(Files.readString(file)));
            }
        }
        assertThat(sources).hasSizeGreaterThan(150);
        return sources;
    }

    /** A source with the parts of its texts put together. */
    private static String joined(String source) {
        return CONCATENATION.matcher(source).replaceAll("");
    }
}
