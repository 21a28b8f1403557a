package io.tidewatch.clockskew;

import static io.tidewatch.testing.store.ListStore.DESTINATION;
import static org.assertj.core.api.Assertions.assertThat;

import io.tidewatch.api.clock.Stamp;
import io.tidewatch.api.collector.Metric;
import io.tidewatch.api.collector.Unit;
import io.tidewatch.api.health.Health;
import io.tidewatch.api.health.Status;
import io.tidewatch.api.store.Delivery;
import io.tidewatch.api.store.DeliveryOutcome;
import io.tidewatch.api.store.DeliveryQuery;
import io.tidewatch.api.store.Priority;
import io.tidewatch.api.store.SampleBatch;
import io.tidewatch.api.store.SeriesSamples;
import io.tidewatch.store.sqlite.MachineStore;
import io.tidewatch.testing.config.TypedConfiguration;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.SortedMap;
import java.util.TreeMap;
import org.awaitility.Awaitility;
import org.awaitility.core.ConditionFactory;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.function.Executable;

/**
 * A device with a clock, a server with another, and the agent's clock and store between them. The value of each sample is
 * the true time at which it was taken.
 */
final class TestDevice implements AutoCloseable {
    static final Instant BUILT = Instant.parse("2026-01-01T00:00:00Z");

    private static final Instant BEGIN = Instant.parse("2026-05-04T03:02:01.500Z");
    private static final Metric TRUE_TIME = Metric.gauge("test.true_time", Unit.SECONDS, "The true time");

    /** Whether and what the server answers. */
    enum Server {
        UP,
        DOWN,
        WITHOUT_DATE
    }

    private final Path folder;
    private final Machine machine;
    private final ScriptedServer server;
    private final Map<String, String> settings = new HashMap<>();
    private final SortedMap<Instant, Instant> delivered = new TreeMap<>();
    private Duration wrong;
    private volatile Server state = Server.UP;
    private volatile Duration serverWrong = Duration.ZERO;
    private int boots;
    private ClockSkew agent;
    private MachineStore store;

    /** @param wrong how far the device's clock is ahead of the true time */
    TestDevice(Path folder, Duration wrong) throws IOException {
        this.folder = folder;
        this.wrong = wrong;
        machine = new Machine(folder, BEGIN.plus(wrong));
        server = new ScriptedServer(request -> answer());
        settings.put("url", server.url("/").toString());
        writeBootId();
    }

    /** A server in this state, whose clock is so far ahead of the true time. */
    TestDevice server(Server next, Duration ahead) {
        state = next;
        serverWrong = ahead;
        return this;
    }

    TestDevice server(Server next) {
        return server(next, Duration.ZERO);
    }

    /** What the operator writes into tidewatch.clockskew.cfg. */
    TestDevice configure(String key, String value) {
        settings.put(key, value);
        if (agent != null) {
            agent.modified(config());
        }
        return this;
    }

    TestDevice start() throws Exception {
        store = new MachineStore(folder, machine.source().wall(), BUILT);
        agent = new ClockSkew(config(), machine.source(), BUILT);
        agent.bindStore(store);
        return awaitCorrected();
    }

    /** As above, while one sample is taken and another is just being stored. */
    TestDevice startDuringPasses() throws Exception {
        store = new MachineStore(folder, machine.source().wall(), BUILT);
        agent = new ClockSkew(config(), machine.source(), BUILT);
        Stamp taken = agent.now();
        double value = value();
        machine.run(Duration.ofSeconds(1));
        duringAPass(() -> agent.bindStore(store));
        awaitCorrected();
        append(taken, value);
        return this;
    }

    /** Waits until the agent has compared its clock. */
    TestDevice compare() {
        int before = server.requests().size();
        agent.compareNow();
        await("a request").until(() -> server.requests().size() > before);
        if (state == Server.UP) {
            await("an answer").until(() -> agent.check().details().containsKey("skew_ms"));
        }
        return this;
    }

    /** Collects for half a minute. */
    TestDevice collect() throws Exception {
        for (int i = 0; i < 3; i++) {
            machine.run(Duration.ofSeconds(10));
            append(agent.now(), value());
        }
        return this;
    }

    private double value() {
        return trueTime().toEpochMilli() / 1000.0;
    }

    private void append(Stamp stamp, double value) throws Exception {
        stamp.store(time -> store.append(batch(time, value)));
    }

    private static SampleBatch batch(Instant time, double value) {
        return new SampleBatch(time, "rig-7", new TreeMap<>(), Priority.NORMAL, List.of(TRUE_TIME.sample(value)));
    }

    /** Something happens while a sample is being stored. */
    private void duringAPass(Executable what) throws Exception {
        agent.now().store(time -> {
            double value = value();
            try {
                what.execute();
            } catch (Throwable e) {
                throw new AssertionError(e);
            }
            return store.append(batch(time, value));
        });
    }

    TestDevice run(Duration time) {
        machine.run(time);
        return this;
    }

    TestDevice sleep(Duration time) {
        machine.sleep(time);
        return this;
    }

    TestDevice step(Duration by) {
        synchronized (machine) {
            machine.setClock(by);
            wrong = wrong.plus(by);
        }
        return this;
    }

    TestDevice withoutUptime() throws IOException {
        machine.withoutUptime();
        return this;
    }

    TestDevice withoutBootId() throws IOException {
        Files.delete(folder.resolve("boot_id"));
        return this;
    }

    TestDevice stop() throws Exception {
        agent.deactivate();
        store.stop();
        agent = null;
        return this;
    }

    TestDevice kill() throws Exception {
        agent.deactivate();
        store.kill();
        agent = null;
        return this;
    }

    /** Power off for a minute; the clock goes on as it was. */
    TestDevice reboot() throws Exception {
        if (agent != null) {
            kill();
        }
        machine.reboot(Duration.ofMinutes(1));
        boots++;
        writeBootId();
        return this;
    }

    /** Sends what is pending, unless the clock is doubted, as the uploader does. */
    TestDevice upload() throws Exception {
        if (agent.doubt().isEmpty()) {
            Delivery delivery =
                    store.next(DeliveryQuery.everything(DESTINATION, 10_000)).orElse(null);
            if (delivery != null && agent.doubt().isEmpty()) {
                for (SeriesSamples samples : delivery.series()) {
                    for (int i = 0; i < samples.size(); i++) {
                        delivered.put(
                                Instant.ofEpochMilli(Math.round(samples.value(i) * 1000)),
                                Instant.ofEpochMilli(samples.timestamp(i)));
                    }
                }
                store.complete(delivery, DeliveryOutcome.accepted(delivery, machine.wall()));
            }
        }
        return this;
    }

    /** Waits until nothing is held and sends everything. */
    TestDevice uploadAll() throws Exception {
        await("uploads").until(() -> upload().store.status().pendingSamples() == 0);
        return this;
    }

    TestDevice expectHeld(String why) throws Exception {
        await("uploads to be held").until(() -> agent.doubt().orElse("").contains(why));
        assertThat(agent.check().status()).isEqualTo(Status.DEGRADED);
        assertThat(agent.check().message()).contains(why);
        return upload();
    }

    TestDevice expectHealth(Status status, String message) {
        await("health " + status + " with " + message).untilAsserted(() -> {
            Health health = agent.check();
            if (health.status() != status || !health.message().contains(message)) {
                // As the agent does now and then: the time of a machine that was made to run meanwhile is inexact.
                agent.compareNow();
            }
            assertThat(health.status()).as(health.message()).isEqualTo(status);
            assertThat(health.message()).contains(message);
        });
        return this;
    }

    /** So many samples were taken in all; each is delivered, with its true time. */
    TestDevice expectAllRight(int samples) throws Exception {
        uploadAll();
        assertThat(delivered).hasSize(samples);
        assertThat(delivered).allSatisfy((truth, time) -> assertThat(off(truth, time))
                .as("%s was delivered as %s", truth, time)
                .isLessThan(Duration.ofSeconds(1)));
        return this;
    }

    /** Of the samples that were delivered so many are off by that much, and no other is off. */
    TestDevice expectOff(int samples, Duration by) throws Exception {
        uploadAll();
        assertThat(delivered.entrySet())
                .filteredOn(one -> off(one.getKey(), one.getValue()).compareTo(Duration.ofSeconds(1)) >= 0)
                .hasSize(samples)
                .allSatisfy(one -> assertThat(Duration.between(one.getKey(), one.getValue()))
                        .isBetween(by.minusSeconds(1), by.plusSeconds(1)));
        return this;
    }

    TestDevice awaitMoved(long samples) {
        await("samples to move").until(() -> {
            agent.doubt();
            return Long.valueOf(samples).equals(agent.check().details().get("moved_samples_total"));
        });
        return this;
    }

    /** Waits until the store knows that the server agrees. */
    TestDevice awaitConfirmed() throws Exception {
        await("the store to note it").until(() -> store.continueClock().confirmed());
        return this;
    }

    /** The clock runs a little fast or slow, which nothing on the device shows. */
    TestDevice drift(Duration by) {
        synchronized (machine) {
            wrong = wrong.plus(by);
        }
        return this;
    }

    /** As when its bundle is updated. */
    TestDevice replaceStore() throws Exception {
        agent.unbindStore(store);
        store.stop();
        store = new MachineStore(folder, machine.source().wall(), BUILT);
        agent.bindStore(store);
        return awaitCorrected();
    }

    /** As above, and the clock steps before the sessions are compared. */
    TestDevice replaceStoreAndStep(Duration by) throws Exception {
        agent.unbindStore(store);
        store.stop();
        store = new MachineStore(folder, machine.source().wall(), BUILT);
        duringAPass(() -> {
            agent.bindStore(store);
            step(by);
            agent.now();
        });
        return awaitCorrected();
    }

    /** As when its bundle is updated. */
    TestDevice replaceClock() throws Exception {
        agent.deactivate();
        agent = new ClockSkew(config(), machine.source(), BUILT);
        agent.bindStore(store);
        return awaitCorrected();
    }

    /** With the true time. */
    ScriptedServer anotherServer() throws IOException {
        return new ScriptedServer(request -> dated(trueTime()));
    }

    private TestDevice awaitCorrected() {
        await("the sessions to be compared")
                .until(() -> !agent.doubt().orElse("").contains("being corrected"));
        return this;
    }

    @Override
    public void close() throws Exception {
        if (agent != null) {
            agent.deactivate();
            store.stop();
        }
        server.close();
    }

    private static ConditionFactory await(String what) {
        return Awaitility.await(what).pollInterval(Duration.ofMillis(10)).pollDelay(Duration.ZERO);
    }

    private static Duration off(Instant truth, Instant time) {
        return Duration.between(truth, time).abs();
    }

    private Instant trueTime() {
        synchronized (machine) {
            return machine.wall().minus(wrong);
        }
    }

    private ClockSkew.Config config() {
        return TypedConfiguration.of(ClockSkew.Config.class, new HashMap<>(settings));
    }

    /** The header is half a second before the time that it stands for. */
    private @Nullable String answer() {
        if (state == Server.DOWN) {
            return null;
        }
        return state == Server.UP ? dated(trueTime().plus(serverWrong)) : "HTTP/1.1 200 OK\r\n";
    }

    private static String dated(Instant time) {
        Instant header = time.minusMillis(500);
        return "HTTP/1.1 200 OK\r\nDate: "
                + DateTimeFormatter.RFC_1123_DATE_TIME.format(header.atOffset(ZoneOffset.UTC)) + "\r\n";
    }

    private void writeBootId() throws IOException {
        Files.writeString(folder.resolve("boot_id"), "boot-" + boots + "\n");
    }
}
