package io.tidewatch.itest.outside;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import io.tidewatch.testing.server.VictoriaMetrics;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.Map;
import java.util.SortedMap;
import java.util.TreeMap;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Order;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Devices that start with a wrong clock and set it later: every sample arrives, with its true time, and no other. */
@Order(2)
class ClockIT {
    private static final String DEVICE = "clock";

    /** Between the stamp of a pass and its look at /proc/uptime a busy machine may do something else. */
    private static final long TOLERANCE_MS = 5000;

    private static final String STEPPED = "holding: the clock stepped by ";

    private static final Duration HOUR = Duration.ofHours(1);

    private VictoriaMetrics server;
    private AgentProcess agent;

    @BeforeEach
    void prepare() throws Exception {
        server = VictoriaMetrics.start();
        // Its build may be of an hour ago, and no right clock shows less than that.
        agent = new AgentProcess(AgentProcess.distribution(), AgentProcess.workFolder("clock"))
                .javaOption("-Dtidewatch.built=2026-01-01T00:00:00Z")
                .configure("tidewatch.device", Map.of("id", DEVICE))
                .configure(
                        "tidewatch.uploader.victoriametrics",
                        Map.of("url", server.importUrl().toString(), "upload.interval", "1s"))
                .configure("tidewatch.collector.uptime", Map.of("interval", "500ms"))
                .configure("tidewatch.collector.memory", Map.of("interval", "1s"));
    }

    @AfterEach
    void end() throws Exception {
        agent.close();
        server.close();
    }

    @Test
    void aDeviceThatStartsIn1970() throws Exception {
        FakeClock clock = FakeClock.of(agent, back(Instant.EPOCH.plusSeconds(60)));
        agent.start();
        awaitHeld("holding: the clock says 1970-01-01T00:0");
        awaitLooks(8);
        agent.kill();
        agent.start();
        long before = new Database(agent.database()).count();
        awaitLooks(16);
        assertThat(received()).as("what was sent in 1970").isEmpty();
        assertThat(component("time").path("status").asText()).isEqualTo("degraded");

        clock.set(Duration.ZERO);
        agent.await(
                "the step", () -> details("time").path("moved_samples_total").asLong() > before);
        awaitUploads();

        assertThat(details("time").path("steps_total").asLong()).isEqualTo(1);
        assertThat(details("time").path("last_step_from").asText()).startsWith("1970-01-01T00:0");
        assertThatEverythingArrivedWithItsTrueTime();
    }

    /** The clock goes on from where it was saved; the server tells that it is days behind. */
    @Test
    void aDeviceThatIsDaysBehind() throws Exception {
        FakeClock clock = FakeClock.of(agent, Duration.ofDays(-3).plusHours(2));
        agent.start();
        awaitHeld("holding: the clock says ");
        assertThat(component("uploader").path("message").asText()).contains("2 days behind the server's");
        awaitLooks(8);
        assertThat(received()).as("what was sent with a wrong time").isEmpty();

        clock.set(Duration.ZERO);
        awaitUploads();

        assertThat(details("time").path("steps_total").asLong()).isEqualTo(1);
        assertThatEverythingArrivedWithItsTrueTime();
    }

    @Test
    void anAgentThatEndsBeforeTheClockIsSet() throws Exception {
        FakeClock clock = FakeClock.of(agent, back(Instant.EPOCH.plusSeconds(60)));
        agent.start();
        awaitLooks(8);
        agent.kill();
        clock.set(Duration.ZERO);
        agent.start();
        awaitUploads();

        assertThat(details("time").path("steps_total").asLong()).isEqualTo(1);
        assertThat(details("time").path("moved_samples_total").asLong()).isPositive();
        assertThatEverythingArrivedWithItsTrueTime();
    }

    /** The comparison before the step counts while the server is away. */
    @ParameterizedTest
    @ValueSource(longs = {1, -96})
    void aWrongStepOfAClockThatAgreedWithTheServer(long hours) throws Exception {
        FakeClock clock = FakeClock.of(agent, Duration.ZERO);
        agent.start();
        awaitUploads();
        agent.await("a comparison", () -> details("time").has("skew_ms"));
        server.stop();
        awaitPending();

        clock.set(Duration.ofHours(hours));
        awaitHeld(STEPPED + (hours < 0 ? "-" : ""));
        assertThat(component("time").path("status").asText()).isEqualTo("degraded");
        assertThat(component("time").path("message").asText()).contains("timedatectl");
        assertThat(agent.output()).contains("the clock stepped by ");
        awaitLooks(looks() + 4);
        server.restart();
        long before = uploaded();
        agent.await("uploads while the clock is wrong", () -> uploaded() > before + 40 && pending() < 40);
        assertThat(agent.get("/metrics").body()).as("the page of metrics").contains("system_uptime_seconds");
        assertThat(details("storage").path("oldest_pending_seconds").asLong()).isLessThan(600);
        assertThat(component("time").path("message").asText())
                .contains("which the server's time or the build date contradicts");
        awaitLooks(looks() + 4);

        clock.set(Duration.ZERO);
        agent.await(
                "the clock to be right",
                () -> component("time").path("status").asText().equals("ok"));
        assertThat(details("time").path("steps_total").asLong()).isEqualTo(2);
        assertThat(details("time").path("moved_samples_total").asLong()).isZero();
        assertThatEverythingArrivedWithItsTrueTime();
    }

    @ParameterizedTest
    @ValueSource(longs = {1, -1})
    void aClockThatIsHoursOffAndSetWhileTheAgentIsStopped(long hours) throws Exception {
        server.stop();
        FakeClock clock = FakeClock.of(agent, Duration.ofHours(hours));
        agent.start();
        awaitLooks(8);
        agent.kill();
        clock.set(Duration.ZERO);
        agent.start();
        awaitHeld(STEPPED + (hours > 0 ? "-" : ""));
        awaitLooks(looks() + 4);
        server.restart();
        awaitUploads();

        assertThat(details("time").path("steps_total").asLong()).isEqualTo(1);
        assertThatEverythingArrivedWithItsTrueTime();
        assertThat(component("time").path("status").asText()).isEqualTo("ok");
    }

    /** The first session and the last are right, the one between is not. */
    @Test
    void aClockThatIsWrongForOneSession() throws Exception {
        FakeClock clock = FakeClock.of(agent, Duration.ZERO);
        agent.start();
        awaitUploads();
        server.stop();
        awaitPending();
        agent.kill();
        clock.set(HOUR.negated());
        agent.start();
        awaitHeld(STEPPED + "-");
        awaitLooks(looks() + 4);
        assertThat(agent.stop()).isZero();
        clock.set(Duration.ZERO);
        agent.start();
        server.restart();
        awaitUploads();

        assertThat(details("time").path("steps_total").asLong()).isZero();
        assertThatEverythingArrivedWithItsTrueTime();
        assertThat(component("time").path("status").asText()).isEqualTo("ok");
    }

    /** From now to a time in the past. */
    private static Duration back(Instant past) {
        return Duration.between(Instant.now(), past);
    }

    private void awaitHeld(String message) {
        agent.await(
                "uploads to be held",
                () -> component("uploader").path("message").asText().contains(message));
    }

    /** Waits for so many samples of the time since the boot. */
    private void awaitLooks(int count) {
        Database database = new Database(agent.database());
        agent.await(
                count + " samples",
                () -> database.times("system.uptime_seconds", "{}").size() >= count);
    }

    private int looks() throws Exception {
        return new Database(agent.database())
                .times("system.uptime_seconds", "{}")
                .size();
    }

    private void awaitUploads() {
        agent.await("uploads", () -> uploaded() > 40 && pending() < 40);
    }

    private void awaitPending() {
        agent.await("a backlog", () -> pending() > 40);
    }

    private long uploaded() {
        return details("uploader").path("uploaded_total").asLong();
    }

    private void assertThatEverythingArrivedWithItsTrueTime() throws Exception {
        for (String collector : AgentProcess.shippedCollectors()) {
            agent.configure("tidewatch.collector." + collector, Map.of("enabled", "false"));
        }
        agent.configure("tidewatch.collector.time", Map.of("enabled", "false"))
                .configure("tidewatch.clockskew", Map.of("enabled", "false"));
        Database database = new Database(agent.database());
        agent.await("everything to arrive", () -> {
            server.flush();
            return pending() == 0 && received().equals(database.numericSamples());
        });
        assertThat(database.integrity()).isEqualTo("ok");

        SortedMap<Long, Double> uptimes =
                received().get(new TreeMap<>(Map.of("__name__", "system_uptime_seconds", "device_id", DEVICE)));
        assertThat(uptimes).hasSizeGreaterThan(8);
        assertThat(uptimes.values()).as("each look arrives once").doesNotHaveDuplicates();
        // What the kernel counts since the boot is right whatever the clock says.
        long boot = System.currentTimeMillis() - uptimeMillis();
        assertThat(uptimes).allSatisfy((time, uptime) -> assertThat(boot + (long) (uptime * 1000) - time)
                .as("ms from %s to its true time", Instant.ofEpochMilli(time))
                .isBetween(-TOLERANCE_MS, TOLERANCE_MS));
        long newest = System.currentTimeMillis() + TOLERANCE_MS;
        long oldest = newest - Duration.ofMinutes(10).toMillis();
        assertThat(received().values())
                .as("no sample of any series is from another time")
                .allSatisfy(series -> assertThat(series.keySet()).allMatch(time -> time > oldest && time < newest));
    }

    private static long uptimeMillis() throws IOException {
        String text = Files.readString(Path.of("/proc/uptime"));
        return (long) (Double.parseDouble(text.substring(0, text.indexOf(' '))) * 1000);
    }

    private Map<SortedMap<String, String>, SortedMap<Long, Double>> received() throws IOException {
        return server.export("{device_id=\"" + DEVICE + "\"}");
    }

    private long pending() {
        return details("storage").path("pending_count").asLong(-1);
    }

    private JsonNode details(String component) {
        return component(component).path("details");
    }

    private JsonNode component(String name) {
        return agent.component(name);
    }
}
