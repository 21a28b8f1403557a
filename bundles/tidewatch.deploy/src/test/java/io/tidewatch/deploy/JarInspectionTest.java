package io.tidewatch.deploy;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.File;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.Set;
import java.util.jar.Attributes;
import java.util.jar.JarOutputStream;
import java.util.jar.Manifest;
import java.util.zip.ZipEntry;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class JarInspectionTest {
    private static final Set<String> BUILT_INS = Set.of("tidewatch.scheduler", "tidewatch.collector.cpu");

    @TempDir
    Path folder;

    @Test
    void hasNothingAgainstABundle() throws Exception {
        assertThat(JarInspection.objection(jar("com.example.gps;singleton:=true"), BUILT_INS))
                .isEmpty();
    }

    @Test
    void refusesWhatIsNoJar() throws Exception {
        Path file = Files.writeString(folder.resolve("no.jar"), "this is no jar");
        assertThat(JarInspection.objection(file.toFile(), BUILT_INS).orElseThrow())
                .contains("it is no jar, or only a part of one", "copy it again");
    }

    @Test
    void refusesWhatIsCutOff() throws Exception {
        byte[] whole = Files.readAllBytes(jar("com.example.gps").toPath());
        Path file = Files.write(folder.resolve("half.jar"), Arrays.copyOf(whole, whole.length / 2));
        assertThat(JarInspection.objection(file.toFile(), BUILT_INS).orElseThrow())
                .contains("only a part of one");
    }

    @Test
    void refusesAnEmptyFile() throws Exception {
        Path file = Files.createFile(folder.resolve("empty.jar"));
        assertThat(JarInspection.objection(file.toFile(), BUILT_INS)).isPresent();
    }

    @Test
    void refusesAFileThatIsGone() {
        assertThat(JarInspection.objection(folder.resolve("gone.jar").toFile(), BUILT_INS))
                .isPresent();
    }

    @Test
    void refusesAJarThatIsNoBundle() throws Exception {
        assertThat(JarInspection.objection(jar(null), BUILT_INS).orElseThrow())
                .contains("it is no bundle", "Bundle-SymbolicName", "build it with bnd");
    }

    @Test
    void refusesTheNameOfAPartOfTheAgent() throws Exception {
        assertThat(JarInspection.objection(jar("tidewatch.scheduler ; singleton:=true"), BUILT_INS)
                        .orElseThrow())
                .contains("it bears the name of a part of the agent, tidewatch.scheduler", "name of its own");
        assertThat(JarInspection.objection(jar("tidewatch.schedulers"), BUILT_INS))
                .isEmpty();
    }

    private File jar(@Nullable String symbolicName) throws IOException {
        Path file = folder.resolve("some.jar");
        Manifest manifest = new Manifest();
        manifest.getMainAttributes().put(Attributes.Name.MANIFEST_VERSION, "1.0");
        if (symbolicName != null) {
            manifest.getMainAttributes().put(new Attributes.Name("Bundle-SymbolicName"), symbolicName);
        }
        try (OutputStream out = Files.newOutputStream(file);
                JarOutputStream jar = new JarOutputStream(out, manifest)) {
            jar.putNextEntry(new ZipEntry("content"));
            jar.write(new byte[4096]);
            jar.closeEntry();
        }
        return file.toFile();
    }
}
