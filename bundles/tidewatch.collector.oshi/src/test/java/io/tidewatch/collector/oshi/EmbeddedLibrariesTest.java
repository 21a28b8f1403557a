package io.tidewatch.collector.oshi;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.File;
import java.io.InputStream;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import java.util.jar.Manifest;
import java.util.spi.ToolProvider;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** The bundle holds of OSHI and JNA what macOS and Linux need, and asks the framework for nothing else. */
class EmbeddedLibrariesTest {
    private static final Path BUNDLE = Path.of("target/classes");

    /** They name classes of other systems in switches and nested classes that these systems never get to. */
    private static final String MAY_MISS_CLASSES =
            "oshi\\.SystemInfo|oshi\\.jna\\.(ByRef|Struct)\\$\\w+|oshi\\.hardware\\.platform\\.linux\\.LinuxG\\w+"
                    + "|com\\.sun\\.jna\\.platform\\.mac\\.MacFileUtils";

    @Test
    void importsTheApiAndTheLogOnly() throws Exception {
        Set<String> imported = new TreeSet<>();
        try (InputStream in = Files.newInputStream(BUNDLE.resolve("META-INF/MANIFEST.MF"))) {
            String header = new Manifest(in).getMainAttributes().getValue("Import-Package");
            for (String clause : header.replaceAll("\"[^\"]*\"", "").split(",", -1)) {
                imported.add(clause.split(";", -1)[0]);
            }
        }
        imported.removeIf(name -> name.startsWith("java."));

        assertThat(imported)
                .containsExactlyInAnyOrder(
                        "io.tidewatch.api.collector",
                        "io.tidewatch.api.config",
                        "org.jspecify.annotations",
                        "org.slf4j");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "darwin-aarch64/libjnidispatch.jnilib",
                "darwin-x86-64/libjnidispatch.jnilib",
                "linux-aarch64/libjnidispatch.so",
                "linux-arm/libjnidispatch.so",
                "linux-x86-64/libjnidispatch.so"
            })
    void holdsTheNativeLibraryOfEverySystem(String name) {
        assertThat(BUNDLE.resolve("com/sun/jna").resolve(name)).isNotEmptyFile();
    }

    /** What macOS loads cannot be tried on Linux, but whether it is there can. */
    @Test
    void everyClassThatIsReferredToIsThere() {
        StringWriter said = new StringWriter();
        PrintWriter out = new PrintWriter(said);
        int exitCode = ToolProvider.findFirst("jdeps")
                .orElseThrow()
                .run(
                        out,
                        out,
                        "--multi-release",
                        "base",
                        "--missing-deps",
                        "--class-path",
                        classPathWithoutLibraries(),
                        BUNDLE.toString());
        out.flush();
        List<String> broken = new ArrayList<>();
        int references = 0;
        for (String line : said.toString().split("\n", -1)) {
            String[] parts = line.strip().split("\\s+", -1);
            if (parts.length > 2 && parts[1].equals("->") && line.startsWith(" ")) {
                references++;
                if (!parts[0].matches(MAY_MISS_CLASSES) && !parts[2].startsWith("org.jspecify.")) {
                    broken.add(line.strip());
                }
            }
        }
        assertThat(exitCode).as(said.toString()).isZero();
        assertThat(references).as("references that were understood in: " + said).isPositive();
        assertThat(broken).isEmpty();
    }

    /** What the tests run with, without the bundle and the whole libraries. */
    private static String classPathWithoutLibraries() {
        return Stream.of(System.getProperty("java.class.path").split(File.pathSeparator, -1))
                .map(Path::of)
                .filter(entry -> !entry.equals(BUNDLE.toAbsolutePath())
                        && !entry.getFileName().toString().matches("(oshi|jna)-.*"))
                .map(Path::toString)
                .collect(Collectors.joining(File.pathSeparator));
    }
}
