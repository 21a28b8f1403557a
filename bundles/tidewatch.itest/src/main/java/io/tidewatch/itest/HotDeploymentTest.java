package io.tidewatch.itest;

import static io.tidewatch.itest.RunningAgent.await;
import static org.assertj.core.api.Assertions.assertThat;

import io.tidewatch.api.health.Status;
import java.io.IOException;
import java.io.OutputStream;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Arrays;
import java.util.Map;
import java.util.Set;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.jar.JarEntry;
import java.util.jar.JarOutputStream;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.osgi.framework.Bundle;
import org.osgi.framework.Version;

/** A collector's jar comes, is replaced and goes, and the other collectors do not notice. */
class HotDeploymentTest extends WitnessedTest {
    private static final String BUNDLE = "tidewatch.collector.filehandles";
    private static final String JAR = BUNDLE + ".jar";
    private static final String METRIC = "filehandles.allocated";

    /** Whose metric that is. */
    private static final String BUILT_IN = "tidewatch.collector.memory";

    private Path example;

    @BeforeEach
    void configure() throws IOException {
        example = agent.folder("tidewatch.itest.example");
        agent.configure(BUNDLE, "interval = 1s\n");
    }

    @AfterEach
    void removeTheJar() throws IOException {
        agent.undeploy(JAR);
        await("the bundle to go").until(() -> agent.bundle(BUNDLE) == null);
        agent.configure(BUNDLE, "");
    }

    @Test
    void aJarComesIsReplacedAndGoesAndTheOthersDoNotNotice() throws Exception {
        long begin = samples.newest(OTHER);
        Map<String, Long> others = agent.componentServices();

        agent.deploy(example, JAR, "1.0.0");
        await("the new collector's samples").until(() -> samples.newest(METRIC) > begin);
        long series = samples.seriesOf(METRIC);
        assertThat(agent.requireBundle(BUNDLE).getState()).isEqualTo(Bundle.ACTIVE);
        await("its health").untilAsserted(() -> assertThat(healthOf("collector.filehandles"))
                .contains("1.0.0"));

        agent.deploy(example, JAR, "1.1.0");
        await("the newer version")
                .untilAsserted(() ->
                        assertThat(agent.requireBundle(BUNDLE).getVersion()).isEqualTo(Version.valueOf("1.1.0")));
        await("its health").untilAsserted(() -> assertThat(healthOf("collector.filehandles"))
                .contains("1.1.0"));
        long before = samples.count(METRIC);
        await("the newer version's samples").until(() -> samples.count(METRIC) > before);
        assertThat(samples.seriesOf(METRIC)).as("series, before and after").isEqualTo(series);

        agent.undeploy(JAR);
        await("the bundle to go").until(() -> agent.bundle(BUNDLE) == null);
        await("its health to go").until(() -> agent.health("collector.filehandles") == null);
        long after = samples.count(METRIC);
        witness.assertNoGap(OTHER);
        assertThat(samples.count(METRIC)).as("samples after it went").isEqualTo(after);
        assertThat(agent.componentServices()).as("the others' components").isEqualTo(others);
    }

    @Test
    void aJarThatIsNoneIsShownUntilItIsReplaced() throws Exception {
        long begin = samples.newest(OTHER);
        Path jar = agent.folder("tidewatch.deploy").resolve(JAR);
        Files.writeString(jar, "this is no jar");
        awaitProblem("is no jar, or only a part of one");

        agent.deploy(example, JAR, "1.0.0");
        awaitNoProblem();
        await("the right jar's samples").until(() -> samples.newest(METRIC) > begin);

        Files.write(jar, Arrays.copyOf(Files.readAllBytes(example), 1000));
        awaitProblem("is no jar, or only a part of one");
        await("the bundle to go").until(() -> agent.bundle(BUNDLE) == null);
        witness.assertNoGap(OTHER);
    }

    @Test
    void aJarWithoutANameIsRefused() throws Exception {
        Path jar = agent.folder("tidewatch.deploy").resolve(JAR);
        try (OutputStream out = Files.newOutputStream(jar);
                JarOutputStream empty = new JarOutputStream(out)) {
            empty.putNextEntry(new JarEntry("nothing"));
            empty.closeEntry();
        }
        awaitProblem("it is no bundle: its manifest has no Bundle-SymbolicName");
    }

    @Test
    void aJarThatLacksAPackageStartsWhenThatComes() throws Exception {
        long begin = samples.newest(OTHER);
        String library = "library.jar";
        agent.deploy(
                example,
                JAR,
                Map.of("Import-Package", "io.tidewatch.api.collector,io.tidewatch.procfs,com.example.modem"),
                content -> content);
        awaitProblem("com.example.modem");
        try {
            agent.deploy(
                    example,
                    library,
                    Map.of(
                            "Bundle-SymbolicName", "com.example.modem",
                            "Service-Component", "",
                            "Export-Package", "com.example.modem",
                            "Require-Capability", "",
                            "Provide-Capability", ""),
                    content -> content);
            awaitNoProblem();
            await("its samples").until(() -> samples.newest(METRIC) > begin);
        } finally {
            agent.undeploy(library);
        }
        witness.assertNoGap(OTHER);
    }

    @Test
    void aJarForAJavaToComeLeavesTheOthersAlone() throws Exception {
        agent.deploy(example, JAR, Map.of("Require-Capability", ""), HotDeploymentTest::forAJavaToCome);
        await("a reason").untilAsserted(() -> assertThat(
                        agent.healthOf("collector.filehandles").message())
                .contains("the component of bundle " + BUNDLE, "could not be activated; component deploy of health"));
        awaitProblem("is made for Java 156; this agent runs on Java ");
        awaitProblem(": build it with --release ");
        witness.assertNoGap(OTHER);
    }

    @Test
    void aJarWhoseConstructorTakesAClassThatIsMissingIsNamed() throws Exception {
        agent.deploy(example, JAR, Map.of(), content -> renamed(content, "io/tidewatch/procfs/ProcFs", "ProcFz"));
        awaitProblem("FileHandlesCollector cannot be made: class io.tidewatch.procfs.ProcFz is missing: have the bundle"
                + " import its package");
    }

    @Test
    void aJarThatWasBuiltAgainstOtherLibrariesIsNamed() throws Exception {
        agent.deploy(example, JAR, Map.of(), content -> renamed(content, "io/tidewatch/procfs/ProcFile", "ProcFils"));
        awaitProblem("java.lang.NoSuchMethodError");
        awaitProblem("build it against what runs here");
    }

    @Test
    void aJarWhoseServiceNeverComesIsNamed() throws Exception {
        agent.configure(BUNDLE, "interval = 1s\nprocFs.target = (made.up=true)\n");
        agent.deploy(example, JAR, "1.0.0");
        awaitProblem("waits for a service that no bundle offers: io.tidewatch.procfs.ProcFs with (made.up=true);"
                + " put a jar that does into the same folder");
        agent.configure(BUNDLE, "interval = 1s\n");
        awaitNoProblem();
    }

    private static byte[] forAJavaToCome(byte[] content) {
        byte[] newer = content.clone();
        newer[7] = (byte) 200;
        return newer;
    }

    /** A class file that speaks of another class, whose name is as long. */
    private static byte[] renamed(byte[] content, String name, String simpleName) {
        String other = name.substring(0, name.lastIndexOf('/') + 1) + simpleName;
        assertThat(other).hasSameSizeAs(name);
        // The constant pool writes them in descriptors too; a longer name that begins with it is another one.
        return new String(content, StandardCharsets.ISO_8859_1)
                .replaceAll(Pattern.quote(name) + "(?![A-Za-z])", other)
                .getBytes(StandardCharsets.ISO_8859_1);
    }

    @Test
    void aJarOfTheVersionOfABuiltInIsRefusedAndTouchesNothing() throws Exception {
        Bundle builtIn = agent.requireBundle(BUILT_IN);
        long modified = builtIn.getLastModified();
        agent.deploy(builtInJar(), JAR, builtIn.getVersion().toString());
        awaitProblem("it has the name of a part of the agent, " + BUILT_IN + ", and version " + builtIn.getVersion()
                + "; accepted in its place: a version above " + builtIn.getVersion());

        agent.undeploy(JAR);
        awaitNoProblem();
        witness.assertNoGap(OTHER);
        assertThat(agent.requireBundle(BUILT_IN)).isSameAs(builtIn);
        assertThat(builtIn.getState()).isEqualTo(Bundle.ACTIVE);
        assertThat(builtIn.getLastModified()).isEqualTo(modified);
    }

    /** Each in turn would take a minute; all at once is harder for the agent. */
    @Test
    void everyBuiltInCollectorIsReplacedWhileItRunsAndResumes() throws Exception {
        SortedMap<String, Path> jars = collectors();
        assertThat(jars).hasSizeGreaterThanOrEqualTo(10);
        String shipped = agent.requireBundle(BUILT_IN).getVersion().toString();
        long series = samples.seriesOf(OTHER);
        // The others have a collector per configuration file, and none here.
        Set<String> running = jars.keySet().stream()
                .filter(name -> agent.health(name.replaceFirst("tidewatch[.]", "")) != null)
                .collect(Collectors.toSet());
        assertThat(running).hasSizeGreaterThanOrEqualTo(10).isNotEqualTo(jars.keySet());
        try {
            for (Map.Entry<String, Path> jar : jars.entrySet()) {
                agent.deploy(jar.getValue(), jar.getKey() + ".jar", "99.0.0");
            }
            for (String name : jars.keySet()) {
                await(name + " in place of the built-in").untilAsserted(() -> assertThat(jarDetails(name + ".jar"))
                        .contains("version=99.0.0", "state=in place of the built-in}"));
                assertThat(agent.requireBundle(name).getVersion()).hasToString("99.0.0");
                if (running.contains(name)) {
                    assertThat(healthOf(name.replaceFirst("tidewatch[.]", ""))).contains(name + " 99.0.0");
                }
            }
            awaitNoProblem();
            witness.assertNoGap(OTHER);
            assertThat(samples.seriesOf(OTHER)).as("series, before and after").isEqualTo(series);
        } finally {
            for (String name : jars.keySet()) {
                agent.undeploy(name + ".jar");
            }
        }
        for (String name : jars.keySet()) {
            await(name + " to resume").untilAsserted(() -> {
                assertThat(agent.requireBundle(name).getVersion()).hasToString(shipped);
                if (running.contains(name)) {
                    assertThat(healthOf(name.replaceFirst("tidewatch[.]", ""))).contains(name + " " + shipped);
                }
            });
        }
        witness.assertNoGap(OTHER);
        assertThat(samples.seriesOf(OTHER)).as("series, before and after").isEqualTo(series);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "tidewatch.store.sqlite",
                "tidewatch.uploader.victoriametrics",
                "tidewatch.clockskew",
                "tidewatch.device",
                "tidewatch.scheduler",
                "tidewatch.health"
            })
    void anotherPartIsReplacedWhileItRunsAndResumes(String name) throws Exception {
        Bundle builtIn = agent.requireBundle(name);
        String shipped = builtIn.getVersion().toString();
        agent.deploy(jarOf(builtIn), JAR, "99.0.0");
        await(name + " in place of the built-in").untilAsserted(() -> assertThat(jarDetails(JAR))
                .contains("version=99.0.0", "state=in place of the built-in}"));
        assertThat(builtIn.getVersion()).hasToString("99.0.0");
        long newest = samples.newest(OTHER);
        await("further samples").until(() -> samples.newest(OTHER) > newest + 2000);

        agent.undeploy(JAR);
        await(name + " to resume")
                .untilAsserted(() -> assertThat(builtIn.getVersion()).hasToString(shipped));
        long resumed = samples.newest(OTHER);
        await("further samples").until(() -> samples.newest(OTHER) > resumed + 2000);
    }

    @Test
    void aHigherVersionThatCannotCollectIsRolledBackByItself() throws Exception {
        Bundle builtIn = agent.requireBundle(BUILT_IN);
        String shipped = builtIn.getVersion().toString();
        agent.deploy(
                builtInJar(),
                JAR,
                Map.of("Bundle-Version", "99.0.0", "Require-Capability", ""),
                HotDeploymentTest::forAJavaToCome);
        awaitProblem("it does not work in the place of the built-in " + BUILT_IN + ", which runs: ");
        awaitProblem("is made for Java 156");
        assertThat(jarDetails(JAR)).contains("state=rolled back");
        assertThat(builtIn.getVersion()).hasToString(shipped);
        witness.assertNoGap(OTHER);

        agent.deploy(builtInJar(), JAR, "99.0.1");
        await("the corrected one").untilAsserted(() -> assertThat(jarDetails(JAR))
                .contains("version=99.0.1", "state=in place of the built-in}"));
        awaitNoProblem();
    }

    /** It looks for another file, and an absent one is no fault of a collector. */
    @Test
    void aHigherVersionThatHasNoSamplesIsRolledBackByItself() throws Exception {
        Bundle builtIn = agent.requireBundle(BUILT_IN);
        String shipped = builtIn.getVersion().toString();
        agent.deploy(builtInJar(), JAR, Map.of("Bundle-Version", "99.0.0"), content -> new String(
                        content, StandardCharsets.ISO_8859_1)
                .replace("meminfo", "meminfz")
                .replace("vmstat", "vmstaz")
                .getBytes(StandardCharsets.ISO_8859_1));
        await("the end of its trial").atMost(Duration.ofMinutes(2)).untilAsserted(() -> assertThat(jarDetails(JAR))
                .contains("state=rolled back", "have no sample"));
        assertThat(builtIn.getVersion()).hasToString(shipped);
        long resumed = samples.newest(OTHER);
        await("samples of the built-in").until(() -> samples.newest(OTHER) > resumed + 2000);
    }

    @Test
    void aHigherVersionForAnotherApiIsNotEvenTried() throws Exception {
        Bundle builtIn = agent.requireBundle(BUILT_IN);
        long modified = builtIn.getLastModified();
        agent.deploy(
                builtInJar(),
                JAR,
                Map.of("Bundle-Version", "99.0.0", "Import-Package", "io.tidewatch.api.collector;version=\"[0.9,1)\""),
                content -> content);
        awaitProblem("it needs what no bundle offers: package");
        assertThat(builtIn.getLastModified()).isEqualTo(modified);
        witness.assertNoGap(OTHER);
    }

    private Path builtInJar() {
        return jarOf(agent.requireBundle(BUILT_IN));
    }

    /** The file that a bundle of the installation is in. */
    private static Path jarOf(Bundle builtIn) {
        return Path.of(URI.create(builtIn.getLocation().replaceFirst("^reference:", "")));
    }

    private SortedMap<String, Path> collectors() {
        SortedMap<String, Path> jars = new TreeMap<>();
        for (Bundle bundle : context.getBundles()) {
            String name = String.valueOf(bundle.getSymbolicName());
            if (name.startsWith("tidewatch.collector.") && bundle.getLocation().startsWith("reference:")) {
                jars.put(name, jarOf(bundle));
            }
        }
        return jars;
    }

    private String jarDetails(String jar) {
        return agent.healthOf("deploy").details().get("jars") instanceof Map<?, ?> jars
                ? String.valueOf(jars.get(jar))
                : "none";
    }

    private void awaitProblem(String reason) {
        await("a problem with the jar")
                .untilAsserted(() -> assertThat(agent.healthOf("deploy").message())
                        .startsWith(JAR + ": ")
                        .contains(reason));
        assertThat(agent.healthOf("deploy").status()).isEqualTo(Status.DEGRADED);
    }

    private void awaitNoProblem() {
        await("no problem with jars").until(() -> agent.healthOf("deploy").status() == Status.OK);
    }

    private String healthOf(String component) {
        return agent.healthOf(component).details().toString();
    }
}
