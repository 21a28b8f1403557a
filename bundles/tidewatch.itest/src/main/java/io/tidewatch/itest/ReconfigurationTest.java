package io.tidewatch.itest;

import static org.assertj.core.api.Assertions.assertThat;

import io.tidewatch.api.health.Health;
import io.tidewatch.api.health.Status;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.osgi.framework.BundleContext;
import org.osgi.test.common.annotation.InjectBundleContext;
import org.osgi.test.junit5.context.BundleContextExtension;

/** A .cfg is edited, well and badly, and only the component that it concerns changes. */
@ExtendWith(BundleContextExtension.class)
class ReconfigurationTest {
    private static final String PID = "tidewatch.collector.cpu";
    private static final String COMPONENT = "io.tidewatch.collector.cpu.CpuCollector";
    private static final String METRIC = "cpu.usage_percent";
    private static final String OTHER = "memory.used_bytes";
    private static final long LONGEST_GAP_MS = 1900;

    @InjectBundleContext
    BundleContext context;

    private RunningAgent agent;
    private StoredSamples samples;

    @BeforeEach
    void findTheAgent() throws IOException {
        agent = new RunningAgent(context);
        samples = new StoredSamples(agent.database());
        RunningAgent.await("samples").until(() -> samples.count(METRIC) > 0 && samples.count(OTHER) >= 2);
        RunningAgent.await("the interval of the test").until(() -> interval() == 1.0);
    }

    @AfterEach
    void restore() throws IOException {
        agent.configure(PID, "interval = 1s\n");
        RunningAgent.await("the interval of the test").until(() -> interval() == 1.0);
    }

    @Test
    void anIntervalChangesAndNothingElseIsRebuilt() throws Exception {
        long begin = samples.newest(OTHER);
        Map<String, Long> before = agent.componentServices();

        long edited = System.nanoTime();
        agent.configure(PID, "interval = 250ms\n");
        RunningAgent.await("the new interval").until(() -> interval() == 0.25);
        System.out.println(
                "ReconfigurationTest: new interval after " + (System.nanoTime() - edited) / 1_000_000 + " ms");
        long count = samples.timestamps(METRIC).length;
        RunningAgent.await("samples at the new interval").until(() -> samples.timestamps(METRIC).length > count + 8);

        Map<String, Long> after = agent.componentServices();
        assertThat(after.get(COMPONENT)).as("the component concerned").isNotEqualTo(before.get(COMPONENT));
        before.remove(COMPONENT);
        after.remove(COMPONENT);
        assertThat(after).as("all others").isEqualTo(before);
        assertThat(samples.longestGap(OTHER, begin)).isLessThan(LONGEST_GAP_MS);
    }

    @Test
    void aWrongValueKeepsTheOldIntervalAndIsReportedUntilMended() throws Exception {
        long begin = samples.newest(OTHER);
        agent.configure(PID, "interval = often\n");
        RunningAgent.await("the report").untilAsserted(() -> assertThat(health().message())
                .contains("interval=often", "tidewatch.collector.cpu.cfg", "30s"));
        assertThat(health().status()).isEqualTo(Status.DEGRADED);
        assertThat(interval()).isEqualTo(1.0);
        long count = samples.timestamps(METRIC).length;
        RunningAgent.await("samples at the old interval").until(() -> samples.timestamps(METRIC).length > count + 2);

        agent.configure(PID, "interval = 1s\n");
        RunningAgent.await("the report to go").until(() -> health().status() == Status.OK);
        assertThat(samples.longestGap(OTHER, begin)).isLessThan(LONGEST_GAP_MS);
    }

    @Test
    void aCollectorIsTurnedOffAndOn() throws Exception {
        agent.configure(PID, "interval = 1s\nenabled = false\n");
        RunningAgent.await("the collector to be off")
                .until(() -> health().message().contains("off"));
        long count = samples.count(METRIC);
        long now = samples.newest(OTHER);
        RunningAgent.await("further samples of the others").until(() -> samples.newest(OTHER) > now + 2000);
        assertThat(samples.count(METRIC)).isEqualTo(count);

        agent.configure(PID, "interval = 1s\n");
        RunningAgent.await("samples").until(() -> samples.count(METRIC) > count);
    }

    @ParameterizedTest
    @CsvSource({
        "tidewatch.uploader.victoriametrics, uploader, upload.interval = often",
        "tidewatch.store.sqlite, storage, sync.interval = never",
        "tidewatch.clockskew, time, check.interval = daily",
        "tidewatch.device, device, labels = site",
        "tidewatch.health, health, degraded.pending = lots",
        "tidewatch.collector.network, collector.network, 'exclude = lo, wwan('",
        "tidewatch.collector.disk, collector.disk, allowed.devices = sd[a-z"
    })
    void aWrongValueOfAComponentThatHoldsSomethingOpenIsReportedAndNothingIsRebuilt(
            String pid, String component, String line) throws Exception {
        Path file = agent.folder("tidewatch.config").resolve(pid + ".cfg");
        String good = Files.exists(file) ? Files.readString(file) : "";
        long begin = samples.newest(OTHER);
        Map<String, Long> before = agent.componentServices();
        try {
            agent.configure(pid, good + line + "\n");
            RunningAgent.await("the report")
                    .untilAsserted(() ->
                            assertThat(health(component).message()).contains(line.split(" ", 2)[0], pid + ".cfg"));
            assertThat(health(component).status()).isEqualTo(Status.DEGRADED);
        } finally {
            agent.configure(pid, good);
        }
        RunningAgent.await("the report to go").until(() -> health(component).status() == Status.OK);

        assertThat(agent.componentServices()).isEqualTo(before);
        long now = samples.newest(OTHER);
        RunningAgent.await("further samples").until(() -> samples.newest(OTHER) > now + 1000);
        assertThat(samples.longestGap(OTHER, begin)).isLessThan(LONGEST_GAP_MS);
    }

    private Health health() {
        return health("collector.cpu");
    }

    private Health health(String component) {
        Health health = agent.health(component);
        return health != null ? health : Health.error("not there", Map.of());
    }

    private double interval() {
        return health().details().get("interval_seconds") instanceof Number seconds ? seconds.doubleValue() : -1;
    }
}
