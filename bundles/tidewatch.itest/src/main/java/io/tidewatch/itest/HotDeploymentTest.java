package io.tidewatch.itest;

import static org.assertj.core.api.Assertions.assertThat;

import io.tidewatch.api.health.Health;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
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
        RunningAgent.await("the new collector's samples").until(() -> samples.count(METRIC) > 0);
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
    void aBrokenJarHarmsNobody() throws Exception {
        long begin = samples.newest(OTHER);
        Path deploy = agent.folder("tidewatch.deploy");
        Files.writeString(deploy.resolve("broken.jar"), "this is no jar");
        try {
            agent.deploy(example, JAR, "1.0.0");
            RunningAgent.await("the good jar's samples").until(() -> samples.newest(METRIC) > begin);
        } finally {
            Files.delete(deploy.resolve("broken.jar"));
        }
        assertThat(samples.longestGap(OTHER, begin)).isLessThan(LONGEST_GAP_MS);
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
