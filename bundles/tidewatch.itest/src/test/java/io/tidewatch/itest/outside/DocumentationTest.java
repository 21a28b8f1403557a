package io.tidewatch.itest.outside;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The pages of the repository lead to each other, and the index to all of them. */
class DocumentationTest {
    private static final Path ROOT = Path.of("../..");
    private static final Path DOCS = ROOT.resolve("docs");

    @TempDir
    Path folder;

    @Test
    void everyLinkArrives() throws IOException {
        List<MarkdownPage> pages = MarkdownPage.below(ROOT);
        assertThat(pages).as("pages").hasSizeGreaterThan(60);
        List<String> broken = new ArrayList<>();
        Path root = ROOT.toAbsolutePath().normalize();
        for (MarkdownPage page : pages) {
            broken.addAll(page.brokenLinks());
            page.links().stream()
                    .filter(link -> !link.matches("[a-z]+:.*|#.*"))
                    .filter(link -> !page.file()
                            .toAbsolutePath()
                            .resolveSibling(link.replaceFirst("#.*", ""))
                            .normalize()
                            .startsWith(root))
                    .forEach(link -> broken.add(page.file() + ": " + link + " leads out of the repository"));
        }
        assertThat(broken).isEmpty();
    }

    @Test
    void theIndexListsEveryPageAndDecision() throws IOException {
        Set<String> listed = new TreeSet<>(new MarkdownPage(DOCS.resolve("README.md")).links());
        Set<String> present = new TreeSet<>();
        try (Stream<Path> files = Files.walk(DOCS)) {
            files.filter(file -> file.toString().endsWith(".md"))
                    .map(file -> DOCS.relativize(file).toString())
                    .filter(file -> !file.equals("README.md"))
                    .forEach(present::add);
        }
        present.removeAll(listed);
        assertThat(present).as("pages that docs/README.md does not lead to").isEmpty();
    }

    /** What somebody who is new asks, and where it is. */
    @Test
    void thePageOfTheArchitectureNamesClassesThatAreThere() throws IOException {
        String page = Files.readString(DOCS.resolve("architecture.md"));
        assertThat(List.of(
                        "`Retry-After`",
                        "deliberate loss of a sample",
                        "the lock of the store",
                        "a second uploader",
                        "a health rule",
                        "the root of /proc"))
                .allSatisfy(subject -> assertThat(page).contains("\n| " + subject + " | "));

        Set<String> classes = new TreeSet<>();
        try (Stream<Path> files = Files.walk(ROOT.resolve("bundles"))) {
            files.map(Path::toString)
                    .filter(file -> file.contains("/src/main/java/") && file.endsWith(".java"))
                    .map(file -> file.replaceFirst(".*/([^/]+/[^/]+)\\.java$", "$1"))
                    .forEach(classes::add);
        }
        List<String> named = Pattern.compile("`([a-z]+/[A-Z]\\w+)`")
                .matcher(page)
                .results()
                .map(match -> match.group(1))
                .toList();
        assertThat(named).hasSizeGreaterThan(10);
        assertThat(classes).containsAll(named);
    }

    /** Code below a comment {@code from: path} is in that file. */
    @Test
    void whatIsQuotedFromAFileIsInIt() throws IOException {
        int quoted = 0;
        for (MarkdownPage page : MarkdownPage.below(DOCS)) {
            for (MarkdownPage.FileBlock block : page.quotes()) {
                assertThat(Files.readString(ROOT.resolve(block.name())))
                        .as(block.name() + ", as quoted in " + page.file())
                        .contains(block.content());
                quoted++;
            }
        }
        assertThat(quoted).isPositive();
    }

    @Test
    void aLinkThatDoesNotArriveIsFound() throws IOException {
        Files.writeString(folder.resolve("there.md"), "# One thing: `two`\n\n# Same\n\n# Same\n");
        Path page = Files.writeString(
                folder.resolve("page.md"),
                """
                [a](there.md) [b](there.md#one-thing-two) [c](there.md#same-1)
                [web](https://example.org/x) `[d](code.md)`
                ```
                [e](code.md)
                ```
                [two
                lines](gone.md) [f](there.md#code) [g](#nothing)
                """);

        assertThat(new MarkdownPage(page).brokenLinks())
                .containsExactly(
                        page + ": gone.md is not there",
                        page + ": there.md#code has no such heading",
                        page + ": #nothing has no such heading");
    }
}
