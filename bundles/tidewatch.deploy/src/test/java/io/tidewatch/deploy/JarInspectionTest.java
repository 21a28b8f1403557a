package io.tidewatch.deploy;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.io.OutputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.Map;
import java.util.jar.Attributes;
import java.util.jar.JarOutputStream;
import java.util.jar.Manifest;
import java.util.zip.ZipEntry;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class JarInspectionTest {
    private static final BuiltIns BUILT_INS = FakeBundles.builtIns(
            Map.of("tidewatch.scheduler", "0.1.0", "tidewatch.api", "0.1.0", "tidewatch.collector.cpu", "0.1.0"));

    @TempDir
    Path folder;

    @Test
    void hasNothingAgainstABundle() throws Exception {
        JarInspection inspection = inspect(jar("com.example.gps;singleton:=true"));
        assertThat(inspection.objection()).isEmpty();
        assertThat(inspection.symbolicName()).isEqualTo("com.example.gps");
        assertThat(inspection.note()).isEmpty();
    }

    @Test
    void refusesWhatIsNoJar() throws Exception {
        Path file = Files.writeString(folder.resolve("no.jar"), "this is no jar");
        assertThat(inspect(file).objection()).contains("it is no jar, or only a part of one", "copy it again");
    }

    @Test
    void refusesWhatIsCutOff() throws Exception {
        byte[] whole = Files.readAllBytes(jar("com.example.gps"));
        Path file = Files.write(folder.resolve("half.jar"), Arrays.copyOf(whole, whole.length / 2));
        assertThat(inspect(file).objection()).contains("only a part of one");
    }

    @Test
    void refusesAnEmptyFile() throws Exception {
        assertThat(inspect(Files.createFile(folder.resolve("empty.jar"))).objection())
                .isNotEmpty();
    }

    @Test
    void refusesAFileThatIsGone() {
        assertThat(inspect(folder.resolve("gone.jar")).objection()).isNotEmpty();
    }

    @Test
    void refusesAJarThatIsNoBundle() throws Exception {
        assertThat(inspect(jar(null)).objection())
                .contains("it is no bundle", "Bundle-SymbolicName", "build it with bnd");
        assertThat(inspect(jar("com.example.gps", "Bundle-Version", "one")).objection())
                .contains("its Bundle-Version is none");
    }

    @ParameterizedTest
    @ValueSource(strings = {"0.0.9", "0.1.0"})
    void refusesAVersionOfABuiltInThatIsNoHigher(String version) throws Exception {
        assertThat(inspect(jar("tidewatch.scheduler ; singleton:=true", "Bundle-Version", version))
                        .objection())
                .contains(
                        "it has the name of a part of the agent, tidewatch.scheduler, and version " + version,
                        "accepted in its place: a version above 0.1.0");
        assertThat(inspect(jar("tidewatch.schedulers", "Bundle-Version", version))
                        .objection())
                .isEmpty();
    }

    @Test
    void takesAHigherVersionOfABuiltInThatDoesWork() throws Exception {
        assertThat(inspect(jar("tidewatch.collector.cpu", "Bundle-Version", "0.1.1"))
                        .objection())
                .isEmpty();
        assertThat(inspect(jar("tidewatch.api", "Bundle-Version", "9")).objection())
                .contains("that only an upgrade of tidewatch replaces");
    }

    @ParameterizedTest
    @ValueSource(strings = {"tidewatch.scheduler", "tidewatch.api;bundle-version=\"[0,1)\"", "system.bundle"})
    void refusesAFragmentOfABuiltIn(String host) throws Exception {
        assertThat(inspect(jar("com.example.fragment", "Fragment-Host", host)).objection())
                .contains("it is a fragment of", "a part of the agent");
        assertThat(inspect(jar("com.example.fragment", "Fragment-Host", "com.example.gps"))
                        .objection())
                .isEmpty();
    }

    @ParameterizedTest
    @ValueSource(
            strings = {"io/tidewatch/api/collector/Collector.class", "lib/tidewatch.api-0.1.0.jar", "tidewatch.api.jar"
            })
    void refusesACopyOfTheApi(String entry) throws Exception {
        assertThat(inspect(jarWith(entry, "com.example.gps")).objection())
                .contains("it contains a copy of io.tidewatch.api", "never finds its collector");
        assertThat(inspect(jarWith("io/tidewatch/apis/A.class", "com.example.gps"))
                        .objection())
                .isEmpty();
    }

    @Test
    void remarksOnNativeCode() throws Exception {
        assertThat(inspect(jarWith("linux/libgps.so", "com.example.gps")).note())
                .contains("native code");
        assertThat(inspect(jar("com.example.gps", "Bundle-NativeCode", "*")).note())
                .contains("native code");
    }

    private static JarInspection inspect(Path file) {
        return JarInspection.of(file, BUILT_INS);
    }

    private Path jar(@Nullable String symbolicName, String... header) throws IOException {
        return jarWith("content", symbolicName, header);
    }

    private Path jarWith(String entry, @Nullable String symbolicName, String... header) throws IOException {
        Path file = folder.resolve("some.jar");
        Manifest manifest = new Manifest();
        manifest.getMainAttributes().put(Attributes.Name.MANIFEST_VERSION, "1.0");
        if (symbolicName != null) {
            manifest.getMainAttributes().put(new Attributes.Name("Bundle-SymbolicName"), symbolicName);
        }
        for (int i = 0; i < header.length; i += 2) {
            manifest.getMainAttributes().put(new Attributes.Name(header[i]), header[i + 1]);
        }
        try (OutputStream out = Files.newOutputStream(file);
                JarOutputStream jar = new JarOutputStream(out, manifest)) {
            jar.putNextEntry(new ZipEntry(entry));
            jar.write(new byte[4096]);
            jar.closeEntry();
        }
        return file;
    }
}
