package io.tidewatch.uploader.victoriametrics;

import static org.assertj.core.api.Assertions.assertThat;

import io.tidewatch.api.collector.Metric;
import io.tidewatch.api.collector.Unit;
import io.tidewatch.api.health.Health;
import io.tidewatch.api.health.Status;
import io.tidewatch.api.store.Priority;
import io.tidewatch.api.store.SampleBatch;
import io.tidewatch.api.store.SampleStore;
import io.tidewatch.api.store.Settlement;
import io.tidewatch.api.store.Slice;
import io.tidewatch.api.store.StoreException;
import io.tidewatch.testing.server.Fault;
import io.tidewatch.testing.server.ReceivedSample;
import io.tidewatch.testing.server.ScriptedReceiver;
import io.tidewatch.testing.store.ListStore;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Random;
import java.util.Set;
import java.util.TreeMap;
import java.util.concurrent.atomic.AtomicReference;
import java.util.stream.Stream;
import org.awaitility.Awaitility;
import org.awaitility.core.ThrowingRunnable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Named;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

class UploadLoopTest {
    private static final Metric LEVEL = Metric.gauge("tide.level", Unit.NONE, "Level", "port");
    private static final Clock CLOCK = Clock.systemUTC();

    @TempDir
    Path folder;

    private final ListStore list = new ListStore();
    private final AtomicReference<SampleStore> store = new AtomicReference<>(list);
    private final UploadProgress progress = new UploadProgress(CLOCK);
    private ScriptedReceiver receiver;
    private UploadLoop loop;

    @BeforeEach
    void start() throws Exception {
        receiver = ScriptedReceiver.start();
    }

    @AfterEach
    void end() throws Exception {
        if (loop != null) {
            loop.close();
        }
        receiver.close();
    }

    static Stream<Named<Fault>> faults() {
        return Stream.of(
                Named.of("refuse", Fault.REFUSE),
                Named.of("reset before the body", Fault.RESET_BEFORE_BODY),
                Named.of("reset within the body", Fault.RESET_WITHIN_BODY),
                Named.of("reset after the body", Fault.RESET_AFTER_BODY),
                Named.of("stall", Fault.STALL),
                Named.of("truncated answer", Fault.TRUNCATED),
                Named.of("200 with HTML", Fault.HTML_200),
                Named.of("302", Fault.redirect302("http://127.0.0.1:9/login")),
                Named.of("400 unknown token", Fault.badRequest("cannot find the provided auth token")),
                Named.of("400 missing route", Fault.badRequest("missing route for /x")),
                Named.of("400 other", Fault.badRequest("cannot parse")),
                Named.of("401", Fault.UNAUTHORIZED_401),
                Named.of("413", Fault.TOO_LARGE_413),
                Named.of("429 with seconds", Fault.tooMany429("0")),
                Named.of("429 with a date", Fault.tooMany429("Thu, 01 Jan 2026 00:00:00 GMT")),
                Named.of("500", Fault.error(500)),
                Named.of("502", Fault.error(502)),
                Named.of("503", Fault.error(503)),
                Named.of("partial", Fault.partial(7)),
                Named.of("partial, none", Fault.partial(0)));
    }

    @ParameterizedTest
    @MethodSource("faults")
    void everySampleArrivesAfterAFaultAndIsSettledOnce(Fault fault) throws Exception {
        receiver.script(fault, fault);
        append(20, CLOCK.instant(), Priority.NORMAL);
        startLoop(settings());

        awaitDelivered();
        assertDeliveredExactly();
    }

    @ParameterizedTest
    @ValueSource(longs = {1, 2, 3, 4, 5, 6})
    void everySampleArrivesThroughARandomSequenceOfFaults(long seed) throws Exception {
        Random random = new Random(seed);
        List<Fault> all = faults().map(Named::getPayload).toList();
        Fault[] script = new Fault[12];
        for (int i = 0; i < script.length; i++) {
            script[i] = random.nextInt(3) == 0 ? Fault.ACCEPT : all.get(random.nextInt(all.size()));
        }
        receiver.script(script);
        startLoop(settings());
        for (int i = 0; i < 10; i++) {
            append(1 + random.nextInt(30), CLOCK.instant().minusSeconds(600L * random.nextInt(3) + i), Priority.NORMAL);
            loop.wake();
        }

        awaitDelivered();
        assertDeliveredExactly();
    }

    @Test
    void sendsFreshSamplesFirstThenTheBacklogByPriorityOldestFirst() throws Exception {
        Instant now = CLOCK.instant();
        append(1, now.minusSeconds(9000), Priority.LOW);
        append(1, now.minusSeconds(8000), Priority.NORMAL);
        append(1, now.minusSeconds(7000), Priority.CRITICAL);
        append(1, now.minusSeconds(7500), Priority.CRITICAL);
        append(1, now, Priority.LOW);
        startLoop(settings());

        awaitDelivered();
        assertThat(receiver.received().stream().map(ReceivedSample::timestamp))
                .containsExactly(
                        now.toEpochMilli(),
                        now.minusSeconds(7500).toEpochMilli(),
                        now.minusSeconds(7000).toEpochMilli(),
                        now.minusSeconds(8000).toEpochMilli(),
                        now.minusSeconds(9000).toEpochMilli());
    }

    @Test
    void sendsTheHeadersOfTheProtocol() throws Exception {
        Files.writeString(folder.resolve("token"), "s3cret\n");
        append(3, CLOCK.instant(), Priority.NORMAL);
        startLoop(settings(Optional.of(folder.resolve("token")), Map.of("X-Scope", "tenant-1")));
        awaitDelivered();

        ScriptedReceiver.Request request = receiver.requests().get(0);
        assertThat(request.method()).isEqualTo("POST");
        assertThat(request.headers())
                .containsEntry("content-encoding", "gzip")
                .containsEntry("content-type", "application/x-ndjson")
                .containsEntry("authorization", "Bearer s3cret")
                .containsEntry("user-agent", "tidewatch/1.2.3")
                .containsEntry("x-device-id", "rig-7")
                .containsEntry("x-scope", "tenant-1");
    }

    @Test
    void readsTheTokenAgainWhenTheServerDoesNotKnowIt() throws Exception {
        Path token = Files.writeString(folder.resolve("token"), "old");
        receiver.always(Fault.UNAUTHORIZED_401);
        append(1, CLOCK.instant(), Priority.NORMAL);
        startLoop(settings(Optional.of(token), Map.of()));
        await(() -> assertThat(health().message()).contains("401", "token.file"));
        assertThat(list.pending()).hasSize(1);

        Files.setLastModifiedTime(Files.writeString(token, "new"), Files.getLastModifiedTime(folder));
        receiver.always(Fault.ACCEPT);
        awaitDelivered();
        assertThat(receiver.requests().get(receiver.requests().size() - 1).headers())
                .containsEntry("authorization", "Bearer new");
    }

    @Test
    void saysWhatToDoAboutATokenFileThatIsNotThere() throws Exception {
        append(1, CLOCK.instant(), Priority.NORMAL);
        startLoop(settings(Optional.of(folder.resolve("absent")), Map.of()));

        await(() -> assertThat(health().message()).contains("absent", "check token.file"));
        assertThat(receiver.requests()).isEmpty();
        assertThat(list.pending()).hasSize(1);

        Files.writeString(folder.resolve("absent"), "here");
        awaitDelivered();
    }

    @Test
    void tellsOfACaptivePortalUntilItIsGone() throws Exception {
        receiver.always(Fault.HTML_200);
        append(1, CLOCK.instant(), Priority.NORMAL);
        startLoop(settings());
        await(() -> assertThat(health().status()).isEqualTo(Status.DEGRADED));
        assertThat(health().details()).containsEntry("intercepted", true).containsKey("last_error");
        assertThat(health().message()).contains("captive portal");

        receiver.always(Fault.ACCEPT);
        awaitDelivered();
        await(() -> assertThat(health().status()).isEqualTo(Status.OK));
        assertThat(health().details())
                .containsEntry("intercepted", false)
                .containsKey("last_upload_time")
                .doesNotContainKey("last_error")
                .containsEntry("uploaded_total", 1L);
    }

    @Test
    void takesNewSettingsInTheMiddleOfAWait() throws Exception {
        receiver.always(Fault.error(503));
        append(1, CLOCK.instant(), Priority.NORMAL);
        UploaderSettings slow = settings(
                receiver.url(),
                Optional.empty(),
                Map.of(),
                Duration.ofHours(1),
                new Backoff.Settings(3, Duration.ofHours(1), Duration.ofHours(1), 1, 0));
        startLoop(slow);
        await(() -> assertThat(receiver.requests()).hasSize(1));

        receiver.always(Fault.ACCEPT);
        loop.change(settings());
        awaitDelivered();
    }

    @Test
    void stopsInTheMiddleOfARequestAndOfAWait() throws Exception {
        receiver.always(Fault.STALL);
        append(1, CLOCK.instant(), Priority.NORMAL);
        startLoop(settings(
                receiver.url(),
                Optional.empty(),
                Map.of(),
                Duration.ofHours(1),
                new Backoff.Settings(3, Duration.ofHours(1), Duration.ofHours(1), 1, 0)));
        await(() -> assertThat(receiver.requests()).hasSize(1));
        loop.close();
        assertThat(threads()).isEmpty();
        assertThat(list.pending()).hasSize(1);
        assertThat(list.settlements().stream().flatMap(settlement -> settlement.acknowledged().stream()))
                .isEmpty();
    }

    @Test
    void goesOnWithTheNextStore() throws Exception {
        startLoop(settings());
        store.set(null);
        loop.wake();
        append(5, CLOCK.instant(), Priority.NORMAL);
        store.set(list);
        loop.wake();

        awaitDelivered();
    }

    @Test
    void waitsForAStoreThatFails() throws Exception {
        append(1, CLOCK.instant(), Priority.NORMAL);
        list.failWith(new StoreException("disk full; free some space"));
        startLoop(settings());
        await(() -> assertThat(health().message()).contains("disk full; free some space"));

        list.failWith(null);
        awaitDelivered();
    }

    @Test
    void setsAsideWhatCanNeverBeSentAndSendsTheRest() throws Exception {
        list.append(new SampleBatch(
                CLOCK.instant(),
                "rig-7",
                new TreeMap<>(Map.of("bad", "\ud800")),
                Priority.NORMAL,
                List.of(LEVEL.sample(1, "x"))));
        append(4, CLOCK.instant(), Priority.NORMAL);
        startLoop(settings());

        awaitDelivered();
        assertThat(list.setAside().values()).containsExactly("label_value_not_unicode");
        assertThat(receiver.accepted()).hasSize(4);
    }

    @Test
    void withoutRetriesAChunkIsTriedOnceInACycle() throws Exception {
        receiver.always(Fault.error(500));
        append(1, CLOCK.instant(), Priority.NORMAL);
        startLoop(settings(
                receiver.url(),
                Optional.empty(),
                Map.of(),
                Duration.ofHours(1),
                new Backoff.Settings(1, Duration.ofMillis(1), Duration.ofMillis(1), 1, 0)));
        await(() -> assertThat(health().status()).isEqualTo(Status.DEGRADED));
        await(() -> assertThat((double) health().details().get("next_attempt_seconds"))
                .isGreaterThan(60));
        assertThat(receiver.requests()).hasSize(1);
    }

    private void startLoop(UploaderSettings settings) {
        loop = new UploadLoop(
                store::get, settings, progress, new ImportClient("1.2.3", CLOCK), new Backoff(new Random(1)), CLOCK);
        loop.start();
    }

    private UploaderSettings settings() {
        return settings(Optional.empty(), Map.of());
    }

    private UploaderSettings settings(Optional<Path> token, Map<String, String> headers) {
        return settings(
                receiver.url(),
                token,
                headers,
                Duration.ofMillis(50),
                new Backoff.Settings(3, Duration.ofMillis(10), Duration.ofMillis(40), 2, 20));
    }

    private static UploaderSettings settings(
            URI url, Optional<Path> token, Map<String, String> headers, Duration interval, Backoff.Settings retry) {
        return new UploaderSettings(
                Optional.of(url),
                Optional.empty(),
                interval,
                Duration.ofMillis(500),
                2500,
                5,
                3,
                token,
                headers,
                retry);
    }

    private void append(int count, Instant time, Priority priority) throws Exception {
        for (int i = 0; i < count; i++) {
            list.append(new SampleBatch(
                    time,
                    "rig-7",
                    new TreeMap<>(),
                    priority,
                    List.of(LEVEL.sample(
                            list.entries().size(), "p" + list.entries().size()))));
        }
    }

    private Health health() {
        return progress.health(Duration.ofSeconds(1), store.get().status());
    }

    private void awaitDelivered() {
        await(() -> assertThat(list.pending()).isEmpty());
    }

    private static void await(ThrowingRunnable assertion) {
        Awaitility.await().atMost(Duration.ofSeconds(30)).untilAsserted(assertion);
    }

    /** Every sample was received at least once and settled exactly once, none settled that was not received. */
    private void assertDeliveredExactly() {
        Set<Long> values = new HashSet<>();
        receiver.received().forEach(sample -> values.add((long) sample.value()));
        List<Long> settled = new ArrayList<>();
        for (Settlement settlement : list.settlements()) {
            settlement.acknowledged().forEach(acknowledgement -> acknowledgement
                    .slices()
                    .forEach(slice -> settled.addAll(valuesOf(slice))));
        }
        List<Long> stored =
                list.entries().stream().map(entry -> (long) entry.value()).toList();
        assertThat(values).containsExactlyInAnyOrderElementsOf(stored);
        assertThat(settled).containsExactlyInAnyOrderElementsOf(stored);
        assertThat(receiver.accepted().stream().map(sample -> (long) sample.value()))
                .as("accepted")
                .containsAll(stored);
        assertThat(receiver.errors()).isEmpty();
    }

    private static List<Long> valuesOf(Slice slice) {
        List<Long> values = new ArrayList<>();
        for (int i = slice.from(); i < slice.to(); i++) {
            values.add((long) slice.samples().value(i));
        }
        return values;
    }

    private static List<String> threads() {
        return Thread.getAllStackTraces().keySet().stream()
                .map(Thread::getName)
                .filter(name -> name.equals("tidewatch-uploader"))
                .toList();
    }
}
