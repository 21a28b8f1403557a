package io.tidewatch.itest;

import static io.tidewatch.itest.RunningAgent.await;
import static org.assertj.core.api.Assertions.assertThat;

import io.tidewatch.api.health.Health;
import io.tidewatch.api.health.Status;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.Map;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.osgi.framework.Bundle;
import org.osgi.framework.ServiceReference;
import org.osgi.service.cm.Configuration;
import org.osgi.service.cm.ConfigurationAdmin;

/** A .cfg is edited, well and badly, and only the component that it concerns changes. */
class ReconfigurationTest extends WitnessedTest {
    private static final String PID = "tidewatch.collector.cpu";
    private static final String COMPONENT = "io.tidewatch.collector.cpu.CpuCollector";
    private static final String GUARD = "config";
    private static final String METRIC = "cpu.usage_percent";

    @BeforeEach
    void awaitSamples() {
        await("samples").until(() -> samples.count(METRIC) > 0);
        await("the interval of the test").until(() -> interval() == 1.0);
    }

    @AfterEach
    void restore() throws IOException {
        agent.configure(PID, "interval = 1s\n");
        await("the interval of the test").until(() -> interval() == 1.0);
    }

    @Test
    void anIntervalChangesAndNothingElseIsRebuilt() throws Exception {
        Map<String, Long> before = agent.componentServices();

        agent.configure(PID, "interval = 250ms\n");
        await("the new interval").until(() -> interval() == 0.25);
        long count = samples.timestamps(METRIC).length;
        await("samples at the new interval").until(() -> samples.timestamps(METRIC).length > count + 8);

        Map<String, Long> after = agent.componentServices();
        assertThat(after.get(COMPONENT)).as("the component concerned").isNotEqualTo(before.get(COMPONENT));
        before.remove(COMPONENT);
        after.remove(COMPONENT);
        assertThat(after).as("all others").isEqualTo(before);
        witness.assertNoGap(OTHER);
    }

    @Test
    void aWrongValueKeepsTheOldIntervalAndIsReportedUntilFixed() throws Exception {
        agent.configure(PID, "interval = often\n");
        await("the report").untilAsserted(() -> assertThat(told())
                .contains("tidewatch.collector.cpu.cfg:1: invalid interval \"often\"", "30s", "Still using 1s"));
        assertThat(agent.healthOf(GUARD).status()).isEqualTo(Status.DEGRADED);
        assertThat(health().status()).as("the collector, which goes on").isEqualTo(Status.OK);
        assertThat(interval()).isEqualTo(1.0);
        long count = samples.timestamps(METRIC).length;
        await("samples at the old interval").until(() -> samples.timestamps(METRIC).length > count + 2);

        agent.configure(PID, "interval = 1s\n");
        await("the report to go").until(() -> !complains(PID));
        witness.assertNoGap(OTHER);
    }

    @Test
    void aComponentThatIsRebuiltWhileItsFileIsWrongGetsTheLastGoodValues() throws Exception {
        Path file = agent.folder("tidewatch.config").resolve("tidewatch.device.cfg");
        String shipped = Files.readString(file);
        try {
            agent.configure("tidewatch.device", shipped + "labels = site=studio\n");
            await("the label").until(() -> labels().equals(Map.of("site", "studio")));
            agent.configure("tidewatch.device", shipped + "labels = site\n");
            await("the report").until(() -> told().contains("invalid labels \"site\""));

            Bundle device = agent.requireBundle("tidewatch.device");
            device.stop();
            assertThat(agent.health("device")).as("without its bundle").isNull();
            device.start();

            await("the device").until(() -> agent.health("device") != null);
            assertThat(labels()).isEqualTo(Map.of("site", "studio"));
        } finally {
            agent.configure("tidewatch.device", shipped);
        }
        await("no label").until(() -> labels().isEmpty());
    }

    @Test
    void aSecretIsInNoServicePropertyAndInNoHealth() throws Exception {
        String pid = "tidewatch.uploader.victoriametrics";
        Path secret = agent.folder("tidewatch.config").resolve("secrets/proxy");
        Files.createDirectories(secret.getParent());
        Files.writeString(secret, "http://device:s3cret@127.0.0.1:9");
        Files.setPosixFilePermissions(secret, PosixFilePermissions.fromString("rw-------"));
        Path file = agent.folder("tidewatch.config").resolve(pid + ".cfg");
        String good = Files.exists(file) ? Files.readString(file) : "";
        try {
            agent.configure(pid, good + "proxy = ${secret:proxy}\n");
            await("the secret in force").until(() -> configured(pid).contains("s3cret"));
            assertThat(complains(pid)).isFalse();
            for (Bundle bundle : context.getBundles()) {
                ServiceReference<?>[] services = bundle.getRegisteredServices();
                for (ServiceReference<?> service : services == null ? new ServiceReference<?>[0] : services) {
                    for (String key : service.getPropertyKeys()) {
                        assertThat(String.valueOf(service.getProperty(key)))
                                .as(service + " " + key)
                                .doesNotContain("s3cret");
                    }
                }
            }
            assertThat(agent.healthOf(GUARD).toString() + agent.healthOf("uploader"))
                    .doesNotContain("s3cret");
            assertThat(Files.readString(file)).contains("${secret:proxy}").doesNotContain("s3cret");
        } finally {
            agent.configure(pid, good);
            Files.delete(secret);
        }
        await("the secret gone").until(() -> !configured(pid).contains("s3cret"));
    }

    @Test
    void aCollectorIsTurnedOffAndOn() throws Exception {
        agent.configure(PID, "interval = 1s\nenabled = false\n");
        await("the collector to be off").until(() -> health().message().contains("off"));
        long count = samples.count(METRIC);
        long now = samples.newest(OTHER);
        await("further samples of the others").until(() -> samples.newest(OTHER) > now + 2000);
        assertThat(samples.count(METRIC)).isEqualTo(count);

        agent.configure(PID, "interval = 1s\n");
        await("samples").until(() -> samples.count(METRIC) > count);
    }

    @ParameterizedTest
    @CsvSource({
        "tidewatch.uploader.victoriametrics, upload.interval = often",
        "tidewatch.store.sqlite, sync.interval = never",
        "tidewatch.clockskew, check.interval = daily",
        "tidewatch.device, labels = site",
        "tidewatch.health, degraded.pending = lots",
        "tidewatch.collector.network, 'exclude = lo, wwan('",
        "tidewatch.collector.disk, allowed.devices = sd[a-z"
    })
    void aWrongValueIsReportedAndNothingIsRebuilt(String pid, String line) throws Exception {
        Path file = agent.folder("tidewatch.config").resolve(pid + ".cfg");
        String good = Files.exists(file) ? Files.readString(file) : "";
        Map<String, Long> before = agent.componentServices();
        try {
            agent.configure(pid, good + line + "\n");
            await("the report").untilAsserted(() -> assertThat(told()).contains(line.split(" ", 2)[0], pid + ".cfg:"));
            assertThat(agent.healthOf(GUARD).status()).isEqualTo(Status.DEGRADED);
        } finally {
            agent.configure(pid, good);
        }
        await("the report to go").until(() -> !complains(pid));

        assertThat(agent.componentServices()).isEqualTo(before);
        witness.assertNoGap(OTHER);
    }

    /** All that the guard says, of files of other tests as well. */
    private String told() {
        return agent.healthOf(GUARD).message() + agent.healthOf(GUARD).details().get("problems");
    }

    /** Whether the guard has something to say of a file. Those of other tests are none of ours. */
    private boolean complains(String pid) {
        return told().contains(pid + ".cfg");
    }

    private Map<?, ?> labels() {
        return agent.healthOf("device").details().get("labels") instanceof Map<?, ?> labels ? labels : Map.of();
    }

    /** What ConfigurationAdmin has for a PID. */
    private String configured(String pid) throws Exception {
        ServiceReference<ConfigurationAdmin> reference = context.getServiceReference(ConfigurationAdmin.class);
        try {
            Configuration[] found = context.getService(reference).listConfigurations("(service.pid=" + pid + ")");
            return found == null ? "" : found[0].getProperties().toString();
        } finally {
            context.ungetService(reference);
        }
    }

    private Health health() {
        return agent.healthOf("collector.cpu");
    }

    private double interval() {
        return health().details().get("interval_seconds") instanceof Number seconds ? seconds.doubleValue() : -1;
    }
}
