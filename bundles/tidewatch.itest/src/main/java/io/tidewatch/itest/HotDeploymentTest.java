package io.tidewatch.itest;

import static org.assertj.core.api.Assertions.assertThat;

import io.tidewatch.api.health.Health;
import io.tidewatch.api.health.Status;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.Map;
import java.util.Objects;
import java.util.jar.JarEntry;
import java.util.jar.JarOutputStream;
import java.util.regex.Pattern;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.osgi.framework.Bundle;
import org.osgi.framework.BundleContext;
import org.osgi.framework.Version;
import org.osgi.test.common.annotation.InjectBundleContext;
import org.osgi.test.junit5.context.BundleContextExtension;

/** A collector's jar comes, is replaced and goes, and the other collectors do not notice. */
@ExtendWith(BundleContextExtension.class)
class HotDeploymentTest {
    private static final String BUNDLE = "tidewatch.collector.filehandles";
    private static final String JAR = BUNDLE + ".jar";
    private static final String METRIC = "filehandles.allocated";
    private static final String OTHER = "memory.used_bytes";

    /** The others run every second here; one missed tick would show as two. */
    private static final long LONGEST_GAP_MS = 1900;

    @InjectBundleContext
    BundleContext context;

    private RunningAgent agent;
    private StoredSamples samples;
    private Path example;

    @BeforeEach
    void findTheAgent() throws IOException {
        agent = new RunningAgent(context);
        samples = new StoredSamples(agent.database());
        example = agent.folder("tidewatch.itest.example");
        agent.configure(BUNDLE, "interval = 1s\n");
        RunningAgent.await("samples of the others").until(() -> samples.count(OTHER) >= 2);
    }

    @AfterEach
    void removeTheJar() throws IOException {
        agent.undeploy(JAR);
        RunningAgent.await("the bundle to go").until(() -> agent.bundle(BUNDLE) == null);
    }

    @Test
    void aJarComesIsReplacedAndGoesAndTheOthersDoNotNotice() throws Exception {
        long begin = samples.newest(OTHER);
        Map<String, Long> others = agent.componentServices();

        long dropped = System.nanoTime();
        agent.deploy(example, JAR, "1.0.0");
        RunningAgent.await("the new collector's samples").until(() -> samples.newest(METRIC) > begin);
        report("collects", dropped);
        long series = samples.seriesOf(METRIC);
        assertThat(agent.requireBundle(BUNDLE).getState()).isEqualTo(Bundle.ACTIVE);
        RunningAgent.await("its health").untilAsserted(() -> assertThat(healthOf("collector.filehandles"))
                .contains("1.0.0"));

        long replaced = System.nanoTime();
        agent.deploy(example, JAR, "1.1.0");
        RunningAgent.await("the newer version")
                .untilAsserted(() ->
                        assertThat(agent.requireBundle(BUNDLE).getVersion()).isEqualTo(Version.valueOf("1.1.0")));
        RunningAgent.await("its health").untilAsserted(() -> assertThat(healthOf("collector.filehandles"))
                .contains("1.1.0"));
        long before = samples.count(METRIC);
        RunningAgent.await("the newer version's samples").until(() -> samples.count(METRIC) > before);
        report("goes on in the newer version", replaced);
        assertThat(samples.seriesOf(METRIC)).as("series, before and after").isEqualTo(series);

        agent.undeploy(JAR);
        RunningAgent.await("the bundle to go").until(() -> agent.bundle(BUNDLE) == null);
        RunningAgent.await("its health to go").until(() -> agent.health("collector.filehandles") == null);
        long after = samples.count(METRIC);
        long now = samples.newest(OTHER);
        RunningAgent.await("further samples of the others").until(() -> samples.newest(OTHER) > now + 2000);
        assertThat(samples.count(METRIC)).as("samples after it went").isEqualTo(after);

        assertThat(agent.componentServices()).as("the others' components").isEqualTo(others);
        assertThat(samples.longestGap(OTHER, begin))
                .as("longest gap of the others in ms")
                .isLessThan(LONGEST_GAP_MS);
    }

    @Test
    void aJarThatIsNoneIsShownUntilItIsMended() throws Exception {
        long begin = samples.newest(OTHER);
        Path jar = agent.folder("tidewatch.deploy").resolve(JAR);
        Files.writeString(jar, "this is no jar");
        awaitProblem("is no jar, or only a part of one");

        agent.deploy(example, JAR, "1.0.0");
        awaitNoProblem();
        RunningAgent.await("the mended jar's samples").until(() -> samples.newest(METRIC) > begin);

        Files.write(jar, Arrays.copyOf(Files.readAllBytes(example), 1000));
        awaitProblem("is no jar, or only a part of one");
        RunningAgent.await("the bundle to go").until(() -> agent.bundle(BUNDLE) == null);
        awaitOthersWithoutGap(begin);
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
            RunningAgent.await("its samples").until(() -> samples.newest(METRIC) > begin);
        } finally {
            agent.undeploy(library);
        }
        awaitOthersWithoutGap(begin);
    }

    @Test
    void aJarForAJavaToComeLeavesTheOthersAlone() throws Exception {
        long begin = samples.newest(OTHER);
        agent.deploy(example, JAR, Map.of("Require-Capability", ""), content -> {
            byte[] newer = content.clone();
            newer[7] = (byte) 200;
            return newer;
        });
        RunningAgent.await("a reason").untilAsserted(() -> assertThat(messageOf("collector.filehandles"))
                .contains("the component of bundle " + BUNDLE, "could not be activated; component deploy of health"));
        awaitProblem("is made for Java 156; this agent runs on Java ");
        awaitProblem(": build it with --release ");
        awaitOthersWithoutGap(begin);
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

    /** A class file that speaks of another class, whose name is as long. */
    private static byte[] renamed(byte[] content, String name, String simpleName) {
        String other = name.substring(0, name.lastIndexOf('/') + 1) + simpleName;
        assertThat(other).hasSameSizeAs(name);
        // The constant pool writes them in descriptors too; a longer name that begins with it is another one.
        return new String(content, StandardCharsets.ISO_8859_1)
                .replaceAll(Pattern.quote(name) + "(?![A-Za-z])", other)
                .getBytes(StandardCharsets.ISO_8859_1);
    }

    /** FileInstall would take a jar of the same version for an update of the built-in, and uninstall it with the jar. */
    @ParameterizedTest
    @ValueSource(strings = {"same", "99.0.0"})
    void aJarWithTheNameOfABuiltInIsRefused(String version) throws Exception {
        long begin = samples.newest(OTHER);
        String name = "tidewatch.collector.memory";
        Bundle builtIn = agent.requireBundle(name);
        long modified = builtIn.getLastModified();
        agent.deploy(
                example,
                JAR,
                Map.of(
                        "Bundle-SymbolicName",
                        name,
                        "Bundle-Version",
                        version.equals("same") ? builtIn.getVersion().toString() : version),
                content -> content);
        awaitProblem("it bears the name of a part of the agent, " + name);

        assertThat(agent.health("collector.filehandles"))
                .as("what would run beside")
                .isNull();
        agent.undeploy(JAR);
        awaitNoProblem();
        awaitOthersWithoutGap(begin);
        assertThat(agent.requireBundle(name)).isSameAs(builtIn);
        assertThat(builtIn.getState()).isEqualTo(Bundle.ACTIVE);
        assertThat(builtIn.getLastModified()).isEqualTo(modified);
    }

    private void awaitProblem(String reason) {
        RunningAgent.await("a problem with the jar")
                .untilAsserted(() ->
                        assertThat(messageOf("deploy")).startsWith(JAR + ": ").contains(reason));
        assertThat(Objects.requireNonNull(agent.health("deploy")).status()).isEqualTo(Status.DEGRADED);
    }

    private void awaitNoProblem() {
        RunningAgent.await("no problem with jars").until(() -> {
            Health health = agent.health("deploy");
            return health != null && health.status() == Status.OK;
        });
    }

    private void awaitOthersWithoutGap(long begin) {
        RunningAgent.await("further samples of the others").until(() -> samples.newest(OTHER) > begin + 3000);
        assertThat(samples.longestGap(OTHER, begin))
                .as("longest gap of the others in ms")
                .isLessThan(LONGEST_GAP_MS);
    }

    private String messageOf(String component) {
        Health health = agent.health(component);
        return health == null ? "none" : health.message();
    }

    private String healthOf(String component) {
        Health health = agent.health(component);
        return health == null ? "none" : health.details().toString();
    }

    private static void report(String what, long sinceNanos) {
        System.out.println(
                "HotDeploymentTest: " + what + " after " + (System.nanoTime() - sinceNanos) / 1_000_000 + " ms");
    }
}
