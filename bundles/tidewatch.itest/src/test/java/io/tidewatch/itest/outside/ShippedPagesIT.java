package io.tidewatch.itest.outside;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

/** The pages that come with the agent lead to each other, and to nothing that stays behind in the repository. */
class ShippedPagesIT {
    private static final Path ROOT = Path.of("../..");

    private final Path tree = AgentProcess.distribution();

    @Test
    void noLinkLeadsToWhatIsNotShipped() throws IOException {
        List<MarkdownPage> pages = MarkdownPage.below(tree);
        List<String> broken = new ArrayList<>();
        for (MarkdownPage page : pages) {
            broken.addAll(page.brokenLinks());
        }
        assertThat(pages).as("pages").hasSizeGreaterThan(50);
        assertThat(broken).isEmpty();
    }

    /** The package has them in a folder of another name, beside other neighbours. */
    @Test
    void thePagesOfDocsStayAmongThemselves() throws IOException {
        Path docs = tree.resolve("docs");
        List<String> leaving = new ArrayList<>();
        for (MarkdownPage page : MarkdownPage.below(docs)) {
            page.links().stream()
                    .filter(link -> !link.matches("[a-z]+:.*"))
                    .filter(link ->
                            !page.file().resolveSibling(link).normalize().startsWith(docs))
                    .forEach(link -> leaving.add(page.file() + ": " + link));
        }
        assertThat(leaving).isEmpty();
    }

    @Test
    void everyPageDashboardAndAlertIsThere() throws IOException {
        for (String folder : List.of("docs", "dashboards", "alerts")) {
            assertThat(filesOf(tree.resolve(folder)))
                    .as(folder)
                    .containsAll(filesOf(ROOT.resolve(folder)))
                    .isNotEmpty();
        }
        try (Stream<Path> bundles = Files.list(ROOT.resolve("bundles"))) {
            for (Path bundle : bundles.filter(path -> Files.exists(path.resolve("README.md")))
                    .toList()) {
                assertThat(tree.resolve("docs/bundles/" + bundle.getFileName() + ".md"))
                        .exists();
            }
        }
    }

    /** Case C26: with another propagation a disk that is mounted later is missing, and nothing says so. */
    @Test
    void theContainerSeesWhatIsMountedLaterAndThePageSaysHow() throws IOException {
        assertThat(Files.readAllLines(ROOT.resolve("docker-compose.yml")).stream()
                        .map(String::strip)
                        .filter(line -> line.startsWith("- /:")))
                .containsExactly("- /:/host/root:ro,rslave");
        assertThat(Files.readString(tree.resolve("docs/victoriametrics.md")))
                .contains("/host/root", "`rslave`", "not a shared mount", "`mount --make-rshared /`", "`private`");
    }

    /** Next to the packed tree: the archive and the package hold every file of it that they should. */
    @Test
    void theArchiveAndThePackageHoldThem() throws Exception {
        List<String> archive = lines("tar", "-tzf", tree.resolveSibling(tree.getFileName() + ".tar.gz"));
        List<String> data = filesOfThePackage();

        for (String folder : List.of("docs", "dashboards", "alerts")) {
            String inPackage = folder.equals("docs") ? "" : folder + "/";
            for (String file : filesOf(tree.resolve(folder))) {
                assertThat(archive).contains(tree.getFileName() + "/" + folder + "/" + file);
                assertThat(data).contains("./usr/share/doc/tidewatch/" + inPackage + file);
            }
        }
    }

    @Test
    void thePackageHasSettingsInEtcAndAsExamplesAlone() throws Exception {
        assertThat(filesOfThePackage())
                .filteredOn(file -> file.endsWith(".cfg"))
                .isNotEmpty()
                .allMatch(file -> file.matches(
                        "\\./(etc/tidewatch|usr/lib/tidewatch/lib/profiles|usr/share/doc/tidewatch/examples)/.*"));
    }

    private List<String> filesOfThePackage() throws Exception {
        Path deb = only(tree.getParent(), "tidewatch_*_all.deb");
        return lines("sh", "-c", "ar p '" + deb + "' data.tar.xz | tar -tJ");
    }

    private static Set<String> filesOf(Path folder) throws IOException {
        try (Stream<Path> files = Files.walk(folder)) {
            return files.filter(Files::isRegularFile)
                    .map(file -> folder.relativize(file).toString())
                    .collect(Collectors.toCollection(TreeSet::new));
        }
    }

    private static Path only(Path folder, String pattern) throws IOException {
        try (var files = Files.newDirectoryStream(folder, pattern)) {
            List<Path> found = new ArrayList<>();
            files.forEach(found::add);
            assertThat(found).as(pattern).hasSize(1);
            return found.get(0);
        }
    }

    private static List<String> lines(Object... command) throws Exception {
        Process process = new ProcessBuilder(
                        Stream.of(command).map(Object::toString).toList())
                .redirectError(ProcessBuilder.Redirect.INHERIT)
                .start();
        List<String> lines = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8)
                .lines()
                .toList();
        assertThat(process.waitFor()).as(String.join(" ", lines)).isZero();
        return lines;
    }
}
