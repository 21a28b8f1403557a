package io.tidewatch.uploader.victoriametrics.cycle;

import static io.tidewatch.testing.store.ListStore.DESTINATION;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.entry;

import io.tidewatch.api.collector.Metric;
import io.tidewatch.api.collector.Unit;
import io.tidewatch.api.health.Health;
import io.tidewatch.api.health.Status;
import io.tidewatch.api.store.DeliveryQuery;
import io.tidewatch.api.store.Priority;
import io.tidewatch.api.store.SampleBatch;
import io.tidewatch.api.store.SampleStore;
import io.tidewatch.api.store.StoreException;
import io.tidewatch.testing.config.SecretFile;
import io.tidewatch.testing.server.Fault;
import io.tidewatch.testing.server.ReceivedSample;
import io.tidewatch.testing.server.ScriptedReceiver.Request;
import io.tidewatch.uploader.victoriametrics.HostLoad;
import io.tidewatch.uploader.victoriametrics.Rig;
import io.tidewatch.uploader.victoriametrics.http.Reply;
import io.tidewatch.uploader.victoriametrics.http.Sending;
import io.tidewatch.uploader.victoriametrics.report.UploaderSelf;
import io.tidewatch.uploader.victoriametrics.settings.UploaderSettings;
import java.io.IOException;
import java.lang.reflect.Proxy;
import java.net.SocketTimeoutException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Random;
import java.util.Set;
import java.util.TreeMap;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

final class UploadLoopTest {
    private Rig rig;

    @TempDir
    private Path folder;

    @BeforeEach
    void start() throws IOException {
        rig = new Rig();
    }

    @AfterEach
    void stop() throws IOException {
        rig.close();
    }

    static Stream<Arguments> faults() {
        return Stream.of(
                Arguments.of("ACCEPT_200", Fault.ACCEPT_200, ""),
                Arguments.of("RESET_BEFORE_BODY", Fault.RESET_BEFORE_BODY, "broke"),
                Arguments.of("RESET_WITHIN_BODY", Fault.RESET_WITHIN_BODY, "broke"),
                Arguments.of("RESET_AFTER_BODY", Fault.RESET_AFTER_BODY, "broke"),
                Arguments.of("TRUNCATED_STATUS", Fault.TRUNCATED_STATUS, ""),
                Arguments.of("TRUNCATED_BODY", Fault.TRUNCATED_BODY, "broke"),
                Arguments.of("TRUNCATED_HEADERS", Fault.TRUNCATED_HEADERS, "broke"),
                Arguments.of("TRUNCATED_PAGE", Fault.TRUNCATED_PAGE, "broke"),
                Arguments.of("GARBAGE", Fault.GARBAGE, "broke"),
                Arguments.of("HTML_200", Fault.HTML_200, "captive portal"),
                Arguments.of("REDIRECT_302", Fault.REDIRECT_302, "redirects to 'http://portal.example/login'"),
                Arguments.of(
                        "UNAUTHORIZED_401", Fault.UNAUTHORIZED_401, "answers 401: it wants a login: set token.file"),
                Arguments.of("FORBIDDEN_403", Fault.FORBIDDEN_403, "set token.file"),
                Arguments.of("TOO_MANY_429", Fault.tooManyRequests(Duration.ofSeconds(7)), "429"),
                Arguments.of("TOO_MANY_429 date", Fault.tooManyRequests(Rig.NOW.plusSeconds(9)), "429"),
                Arguments.of(
                        "BAD_REQUEST token", Fault.badRequest("cannot find the provided auth token"), "token.file"),
                Arguments.of("BAD_REQUEST path", Fault.badRequest("missing route for /x"), "path of url"),
                Arguments.of("BAD_REQUEST", Fault.badRequest("too long line"), "refuses"),
                Arguments.of("413", Fault.status(413, ""), "refuses"),
                Arguments.of("201", Fault.status(201, ""), "captive portal"),
                Arguments.of("ERROR_500", Fault.ERROR_500, "500"),
                Arguments.of("ERROR_502", Fault.ERROR_502, "502"),
                Arguments.of("ERROR_503", Fault.ERROR_503, "'the storage is in read-only mode'"),
                Arguments.of("PARTIAL 0", Fault.partial(0), "only a part"),
                Arguments.of("PARTIAL 7", Fault.partial(7), "only a part"),
                Arguments.of("PARTIAL 1000000", Fault.partial(1_000_000), ""));
    }

    @Test
    void nothingIsSentWhileTheClockIsInDoubt() throws Exception {
        rig.append(Rig.NOW.minusSeconds(10), Priority.NORMAL, 60);
        rig.doubt = Optional.of("the clock says 1970");

        assertThat(rig.cycle()).isEqualTo(Duration.ofSeconds(1));
        assertThat(rig.receiver.samples()).isEmpty();
        assertThat(rig.health().status()).isEqualTo(Status.DEGRADED);
        assertThat(rig.health().message()).isEqualTo("holding: the clock says 1970");
        assertThat(rig.health().details()).containsEntry("holding", true);

        rig.doubt = Optional.empty();
        rig.drain();
        rig.assertAllDelivered();
        assertThat(rig.health().status()).isEqualTo(Status.OK);
        assertThat(rig.health().details()).containsEntry("holding", false);
    }

    @Test
    void aDoubtThatComesUpEndsTheCycleBehindTheRequestUnderWay() throws Exception {
        rig.configure("chunk.size", "10");
        rig.append(Rig.NOW.minusSeconds(10), Priority.NORMAL, 30);
        rig.duringRequest(1, () -> rig.doubt = Optional.of("set"));

        assertThat(rig.cycle()).isEqualTo(Duration.ZERO);

        assertThat(rig.list.pending()).hasSize(20);
        rig.doubt = Optional.empty();
        rig.drain();
        rig.assertAllDelivered();
    }

    /** The samples of a delivery are moved while they are sent: they are sent again, and that is no failure. */
    @Test
    void aDeliveryThatIsMovedMeanwhileIsSentAgain() throws Exception {
        rig.append(Rig.NOW.minusSeconds(10), Priority.NORMAL, 30);
        rig.duringRequest(1, () -> {
            try {
                rig.list.clockSet(Rig.NOW, Duration.ofSeconds(5));
            } catch (StoreException e) {
                throw new AssertionError(e);
            }
        });

        rig.cycle();
        assertThat(rig.list.pending()).hasSize(30);
        assertThat(rig.health().details()).doesNotContainKey("last_error");

        rig.drain();
        assertThat(rig.receiver.samples())
                .extracting(ReceivedSample::timestamp)
                .contains(Rig.NOW.minusSeconds(5).toEpochMilli());
        assertThat(rig.health().status()).isEqualTo(Status.OK);
    }

    /** A lookup, or what ends a request in time, needs one. */
    @Test
    void withoutAThreadSamplesStayPendingAndHealthNamesTheLimits() throws Exception {
        rig.append(Rig.NOW.minusSeconds(10), Priority.NORMAL, 30);
        SampleStore working = rig.store.get();
        rig.store.set((SampleStore) Proxy.newProxyInstance(
                SampleStore.class.getClassLoader(), new Class<?>[] {SampleStore.class}, (proxy, method, arguments) -> {
                    if (method.getName().equals("next")) {
                        throw new OutOfMemoryError("unable to create native thread");
                    }
                    return method.invoke(working, arguments);
                }));

        rig.cycle();
        assertThat(String.valueOf(rig.health().details().get("last_error")))
                .contains("unable to create native thread", "TasksMax")
                .doesNotContain("report");

        rig.store.set(working);
        rig.drain();
        rig.assertAllDelivered();
        assertThat(rig.health().status()).isEqualTo(Status.OK);
    }

    @ParameterizedTest(name = "{0}")
    @MethodSource("faults")
    void everythingArrivesInTheEnd(String name, Fault fault, String error) throws Exception {
        // Two chunks live, and a backlog of two priorities.
        rig.append(Rig.NOW.minusSeconds(10), Priority.NORMAL, 120);
        rig.append(Rig.NOW.minusSeconds(3600), Priority.LOW, 5);
        rig.append(Rig.NOW.minusSeconds(7200), Priority.CRITICAL, 5);
        rig.receiver.script(fault, Fault.ACCEPT, fault, fault, fault, fault);

        rig.drain();

        rig.assertAllDelivered();
        rig.cycle();
        assertThat(rig.health().status()).isEqualTo(Status.OK);
        assertThat(rig.health().details()).doesNotContainKey("last_error");
    }

    static Stream<Arguments> lateAnswers() {
        return Stream.of(
                Arguments.of("STALL", Fault.STALL),
                Arguments.of("STALL_WITHIN_BODY", Fault.STALL_WITHIN_BODY),
                Arguments.of("TRICKLE", Fault.TRICKLE),
                Arguments.of("SLOW", Fault.SLOW));
    }

    @ParameterizedTest(name = "{0}")
    @MethodSource("lateAnswers")
    void whatComesLateArrivesInTheEnd(String name, Fault fault) throws Exception {
        rig.configure("timeout", "300ms");
        rig.append(Rig.NOW.minusSeconds(10), Priority.NORMAL, 120);
        rig.append(Rig.NOW.minusSeconds(3600), Priority.LOW, 5);
        rig.receiver.script(fault, Fault.ACCEPT, fault, fault, fault, fault);

        rig.cycle();
        assertThat(rig.report.figures().failures()).containsOnlyKeys("timeout");
        rig.drain();

        rig.assertAllDelivered();
    }

    @Test
    @Tag("slow")
    void aLinkOfAKilobyteASecondCarriesEverything() throws Exception {
        rig.configure("timeout", "500ms");
        for (int i = 0; i < 40; i++) {
            rig.append(Rig.NOW.minusSeconds(5000 - i * 10), Priority.NORMAL, 20);
        }
        rig.receiver.byDefault(Fault.SLOW);
        rig.cycle();
        assertThat(rig.report.figures().failures()).containsOnlyKeys("timeout");

        rig.drain();

        rig.assertAllDelivered();
    }

    @ParameterizedTest(name = "{0}")
    @MethodSource("faults")
    void anOutageIsToldOfAndLosesNothing(String name, Fault fault, String error) throws Exception {
        rig.append(Rig.NOW.minusSeconds(10), Priority.NORMAL, 30);
        rig.receiver.byDefault(fault);
        rig.cycle();
        rig.assertNothingCompletedUnreceived();

        if (!error.isEmpty()) {
            assertThat(rig.health().status()).isEqualTo(Status.DEGRADED);
            assertThat(rig.health().message()).contains(error).doesNotContain("secret");
            assertThat(rig.health().details())
                    .containsEntry("last_error", rig.health().message())
                    .containsEntry(
                            "intercepted", name.startsWith("HTML") || name.startsWith("RED") || name.equals("201"));
        }
        rig.receiver.byDefault(Fault.ACCEPT);
        rig.drain();
        rig.assertAllDelivered();
    }

    @Test
    @Tag("slow")
    void everythingArrivesWhateverHappens() throws Exception {
        List<Fault> faults = Stream.concat(faults(), lateAnswers())
                .map(arguments -> (Fault) arguments.get()[1])
                .toList();
        for (int seed = 0; seed < 25; seed++) {
            try (Rig random = new Rig()) {
                random.configure("timeout", "300ms");
                Random choice = new Random(seed);
                for (int pass = 0; pass < 12; pass++) {
                    random.append(
                            Rig.NOW.minusSeconds(choice.nextInt(300)),
                            Priority.ofLevel(choice.nextInt(4)),
                            1 + choice.nextInt(140));
                }
                for (int request = 0; request < 20; request++) {
                    random.receiver.script(
                            choice.nextInt(3) == 0 ? Fault.ACCEPT : faults.get(choice.nextInt(faults.size())));
                }
                random.whileWaiting = wait -> {
                    // The server restarts now and then.
                    random.receiver.refuseConnections();
                    random.receiver.acceptConnections();
                };
                random.drain();
                random.assertAllDelivered();
            }
        }
    }

    @Test
    void aServerThatIsNotThereIsTriedForEver() throws Exception {
        rig.append(Rig.NOW.minusSeconds(10), Priority.NORMAL, 3);
        rig.receiver.refuseConnections();
        for (int cycle = 0; cycle < 5; cycle++) {
            rig.cycle();
        }

        assertThat(rig.health().message()).contains("is VictoriaMetrics running there?");
        assertThat(rig.health().details()).containsEntry("failures_total", 15L);
        rig.receiver.acceptConnections();
        rig.drain();
        rig.assertAllDelivered();
    }

    @Test
    void attemptsAndWaitsAreAsConfigured() throws Exception {
        rig.append(Rig.NOW.minusSeconds(10), Priority.NORMAL, 3);
        rig.receiver.byDefault(Fault.ERROR_500);

        Duration wait = rig.cycle();

        assertThat(rig.receiver.requests()).hasSize(3);
        assertThat(rig.waits).containsExactly(Duration.ofSeconds(5), Duration.ofSeconds(15));
        assertThat(wait).isBetween(Duration.ofSeconds(27), Duration.ofSeconds(33));
    }

    /** The uploader starts beside the collectors, and mostly before their first pass is stored. */
    @Test
    void theFirstSamplesAreLookedForEverySecond() throws Exception {
        assertThat(rig.cycle()).isEqualTo(Duration.ofSeconds(1));
        assertThat(rig.cycle()).isEqualTo(Duration.ofSeconds(1));
        rig.append(Rig.NOW.plusSeconds(1), Priority.NORMAL, 3);

        assertThat(rig.cycle()).isBetween(Duration.ofSeconds(27), Duration.ofSeconds(33));

        rig.assertAllDelivered();
        assertThat(rig.cycle()).isBetween(Duration.ofSeconds(27), Duration.ofSeconds(33));
    }

    @Test
    void firstSamplesThatDoNotComeAreLookedForAsAnyOthers() throws Exception {
        Duration waited = Duration.ZERO;
        Duration wait = rig.cycle();
        while (wait.equals(Duration.ofSeconds(1))) {
            waited = waited.plus(wait);
            wait = rig.cycle();
        }

        assertThat(waited).isBetween(Duration.ofSeconds(27), Duration.ofSeconds(34));
        assertThat(wait).isBetween(Duration.ofSeconds(27), Duration.ofSeconds(33));
    }

    @Test
    void withoutRetryThereIsOneAttemptPerCycle() throws Exception {
        rig.configure("retry.enabled", "false");
        rig.append(Rig.NOW.minusSeconds(10), Priority.NORMAL, 3);
        rig.receiver.byDefault(Fault.ERROR_500);

        rig.cycle();
        rig.cycle();

        assertThat(rig.receiver.requests()).hasSize(2);
        assertThat(rig.waits).isEmpty();
    }

    @Test
    void aShortRetryAfterIsWaitedForAndALongOnePostponesCycles() throws Exception {
        rig.append(Rig.NOW.minusSeconds(10), Priority.NORMAL, 3);
        rig.receiver.script(
                Fault.tooManyRequests(Duration.ofSeconds(20)), Fault.tooManyRequests(Duration.ofMinutes(10)));

        Duration wait = rig.loop.cycle();

        assertThat(rig.waits).containsExactly(Duration.ofSeconds(20));
        assertThat(wait).isEqualTo(Duration.ofMinutes(10));
        rig.advance(Duration.ofMinutes(4));
        assertThat(rig.loop.cycle()).isEqualTo(Duration.ofMinutes(6));
        assertThat(rig.receiver.requests()).hasSize(2);
        rig.advance(Duration.ofMinutes(6));
        rig.drain();
        rig.assertAllDelivered();
    }

    @Test
    void otherSettingsEndAPostponement() throws Exception {
        rig.append(Rig.NOW.minusSeconds(10), Priority.NORMAL, 3);
        rig.receiver.script(Fault.tooManyRequests(Duration.ofMinutes(10)));
        rig.loop.cycle();

        rig.configure("upload.interval", "20s");
        rig.loop.cycle();

        rig.assertAllDelivered();
    }

    @Test
    void liveGoesFirstThenTheBacklogByPriorityAndAge() throws Exception {
        rig.append(Rig.NOW.minusSeconds(10), Priority.LOW, 1);
        rig.append(Rig.NOW.minusSeconds(3600), Priority.NORMAL, 1);
        rig.append(Rig.NOW.minusSeconds(7200), Priority.NORMAL, 1);
        rig.append(Rig.NOW.minusSeconds(600), Priority.CRITICAL, 1);
        rig.append(Rig.NOW.minusSeconds(9000), Priority.LOW, 1);
        rig.append(Rig.NOW.minusSeconds(8000), Priority.HIGH, 1);

        rig.cycle();

        assertThat(agesInSeconds()).containsExactly(10L, 600L, 8000L, 7200L, 3600L, 9000L);
    }

    @Test
    void whatComesInMeanwhileGoesBetweenTheBacklog() throws Exception {
        // A query for the backlog reads one instant.
        rig.configure("chunk.size", "1", "line.values", "1");
        for (int i = 0; i < 5; i++) {
            rig.append(Rig.NOW.minusSeconds(5000 - i), Priority.NORMAL, 1);
        }
        // The third request fails once; while the loop waits, a collector delivers.
        rig.receiver.script(Fault.ACCEPT, Fault.ACCEPT, Fault.ERROR_503);
        rig.whileWaiting = wait -> {
            try {
                rig.append(Rig.NOW.minusSeconds(1), Priority.LOW, 1);
            } catch (StoreException e) {
                throw new IOException(e);
            }
        };

        rig.cycle();

        assertThat(agesInSeconds()).containsExactly(5000L, 4999L, 4998L, 1L, 4997L, 4996L);
    }

    @Test
    void whatComesInDuringALongDeliveryDoesNotWaitForItsEnd() throws Exception {
        // One delivery of 20 requests, each of which takes a second of a slow link.
        rig.configure("chunk.size", "1", "line.values", "20", "backlog.bandwidth", "400B");
        for (int i = 0; i < 20; i++) {
            rig.append(Rig.NOW.minusSeconds(5000 - i), Priority.NORMAL, 20);
        }
        rig.whileWaiting = wait -> {
            try {
                rig.append(rig.now, Priority.LOW, 1);
            } catch (StoreException e) {
                throw new IOException(e);
            }
        };

        rig.cycle();

        rig.assertAllDelivered();
        // Half an interval, and what one request of the backlog and one live costs.
        rig.receiver.requests().forEach(request -> assertThat(request.samples()).isNotEmpty());
        long longest = 0;
        for (int i = 0; i < rig.sentAt.size(); i++) {
            Instant sent = rig.sentAt.get(i);
            for (ReceivedSample sample : rig.receiver.requests().get(i).samples()) {
                Instant time = Instant.ofEpochMilli(sample.timestamp());
                if (!time.isBefore(Rig.NOW)) {
                    longest = Math.max(longest, Duration.between(time, sent).toSeconds());
                }
            }
        }
        assertThat(longest).isBetween(10L, 17L);
    }

    @Test
    void theBacklogKeepsWithinItsBandwidth() throws Exception {
        rig.configure("backlog.bandwidth", "500B", "line.values", "10");
        for (int i = 0; i < 40; i++) {
            rig.append(Rig.NOW.minusSeconds(50_000 - i * 10), Priority.NORMAL, 60);
        }

        rig.cycle();

        rig.assertAllDelivered();
        // A second's worth was saved before the first.
        int bytes =
                rig.receiver.requests().stream().mapToInt(Request::wireBytes).sum();
        Duration waited = rig.waits.stream().reduce(Duration.ZERO, Duration::plus);
        assertThat(waited.toMillis() / 1e3).isBetween(bytes / 500.0 - 2, bytes / 500.0 + 2);
    }

    @Test
    void liveSamplesAreNotHeldBack() throws Exception {
        rig.configure("backlog.bandwidth", "100B");
        rig.append(Rig.NOW.minusSeconds(10), Priority.NORMAL, 500);

        rig.cycle();

        rig.assertAllDelivered();
        assertThat(rig.waits).isEmpty();
    }

    @Test
    void theBacklogIsReadWideEnoughToFillLines() throws Exception {
        for (int i = 0; i < 30; i++) {
            rig.append(Rig.NOW.minusSeconds(50_000 - i * 10), Priority.NORMAL, 200);
        }

        rig.cycle();

        rig.assertAllDelivered();
        List<Integer> sizes = rig.queries.stream()
                .filter(query -> query.from().equals(DeliveryQuery.BEGINNING)
                        && query.priorities().equals(Set.of(Priority.NORMAL)))
                .map(DeliveryQuery::maxSamples)
                .toList();
        assertThat(sizes).startsWith(10_000, 20_000);
        assertThat(rig.settings.get().backlogSize(100_000)).isEqualTo(50_000);
    }

    @Test
    void aNetworkThatChangesDuringAnAttemptIsUsedAtOnce() throws Exception {
        rig.network = 7;
        rig.append(Rig.NOW.minusSeconds(10), Priority.NORMAL, 3);
        rig.receiver.script(Fault.RESET_BEFORE_BODY);
        rig.cycle();
        assertThat(rig.waits).as("without a change").isNotEmpty();
        rig.waits.clear();

        rig.append(Rig.NOW.minusSeconds(9), Priority.NORMAL, 3);
        rig.receiver.script(Fault.RESET_BEFORE_BODY);
        rig.duringRequest(1, () -> rig.network++);
        rig.cycle();

        rig.assertAllDelivered();
        assertThat(rig.waits).isEmpty();
    }

    @Test
    void whatStallsIsNotSentAgainByTheConfigurationOfBefore() throws Exception {
        List<Duration> intervals = new ArrayList<>();
        rig.way = new Sending() {
            @Override
            public Reply post(UploaderSettings settings, Optional<String> id, byte[] body, int length)
                    throws IOException {
                intervals.add(settings.uploadInterval());
                if (intervals.size() == 1) {
                    rig.configure("upload.interval", "77s");
                    throw new SocketTimeoutException("no answer");
                }
                return rig.client.post(settings, id, body, length);
            }

            @Override
            public int headBytes() {
                return rig.client.headBytes();
            }

            @Override
            public boolean connected() {
                return true;
            }
        };
        rig.append(Rig.NOW.minusSeconds(10), Priority.NORMAL, 3);
        rig.cycle();
        rig.drain();

        rig.assertAllDelivered();
        assertThat(intervals).hasSizeGreaterThan(1);
        assertThat(intervals.subList(1, intervals.size())).containsOnly(Duration.ofSeconds(77));
    }

    @Test
    void whenTheNetworkChangesABackoffEnds() throws Exception {
        rig.append(Rig.NOW.minusSeconds(10), Priority.NORMAL, 3);
        rig.receiver.script(Fault.RESET_BEFORE_BODY);
        rig.networkChanges = true;

        rig.cycle();

        rig.assertAllDelivered();
        assertThat(rig.waits).isEmpty();
    }

    @Test
    void aServerThatAsksForRestGetsItWhateverTheNetworkDoes() throws Exception {
        rig.append(Rig.NOW.minusSeconds(10), Priority.NORMAL, 3);
        rig.receiver.script(Fault.tooManyRequests(Duration.ofSeconds(7)));
        rig.networkChanges = true;

        rig.cycle();

        rig.assertAllDelivered();
        assertThat(rig.waits).containsExactly(Duration.ofSeconds(7));
    }

    @Test
    void aLongBacklogIsNoFailureAndShowsItsProgress() throws Exception {
        rig.configure("backlog.bandwidth", "200B", "chunk.size", "20", "line.values", "20");
        for (int i = 0; i < 120; i++) {
            rig.append(Rig.NOW.minusSeconds(50_000 - i * 10), Priority.NORMAL, 60);
        }
        List<Health> seen = new ArrayList<>();
        rig.whileWaiting = wait -> seen.add(rig.health());

        rig.cycle();

        rig.assertAllDelivered();
        assertThat(rig.now).isAfter(Rig.NOW.plusSeconds(100));
        assertThat(seen).allMatch(health -> (double) health.details().get("time_since_upload_seconds") < 60);
        Health middle = seen.get(seen.size() / 2);
        double rate = (double) middle.details().get("samples_per_second");
        long left = (long) middle.details().get("drained_in_seconds");
        long pending = (long) middle.details().get("pending_count");
        assertThat(rate).isBetween(20.0, 200.0);
        assertThat(left).isBetween((long) (pending / rate) - 3, (long) (pending / rate) + 3);
    }

    @Test
    void figuresTellFailuresByReason() throws Exception {
        rig.append(Rig.NOW.minusSeconds(10), Priority.NORMAL, 30);
        rig.receiver.script(Fault.ERROR_503, Fault.partial(7), Fault.ACCEPT);

        rig.cycle();

        UploaderSelf.Figures figures = rig.report.figures();
        assertThat(figures.failures()).isEqualTo(Map.of("http_503", 1L));
        assertThat(figures.partial()).isEqualTo(1);
        assertThat(figures.uploaded()).isEqualTo(30);
        assertThat(figures.sentBytes())
                .isEqualTo(rig.receiver.requests().stream()
                        .mapToLong(request -> request.headBytes() + request.bodyBytes())
                        .sum());
    }

    @Test
    void queriesAreWithinTheirLimits() throws Exception {
        rig.append(Rig.NOW.minusSeconds(3600), Priority.NORMAL, 1);

        rig.cycle();

        Instant liveFrom = Rig.NOW.minusSeconds(60);
        assertThat(rig.queries.get(0))
                .isEqualTo(new DeliveryQuery(
                        DESTINATION, liveFrom, Rig.NOW.plus(Duration.ofDays(2)), Set.of(Priority.values()), 2500));
        assertThat(rig.queries)
                .contains(new DeliveryQuery(
                        DESTINATION, DeliveryQuery.BEGINNING, liveFrom, Set.of(Priority.NORMAL), 10_000));
    }

    @Test
    void aBatchSizeOfItsOwnIsInForce() throws Exception {
        rig.configure("batch.size", "700");
        rig.append(Rig.NOW.minusSeconds(10), Priority.NORMAL, 1);

        rig.cycle();

        assertThat(rig.queries.get(0).maxSamples()).isEqualTo(700);
    }

    @Test
    void attemptsAndTheMultiplierOfTheirOwnAreInForce() throws Exception {
        rig.configure("retry.max.attempts", "5", "retry.initial.backoff", "1s", "retry.backoff.multiplier", "2");
        rig.append(Rig.NOW.minusSeconds(10), Priority.NORMAL, 1);
        rig.receiver.byDefault(Fault.ERROR_503);

        rig.cycle();

        assertThat(rig.receiver.requests()).hasSize(5);
        assertThat(rig.waits.stream().map(Duration::toSeconds)).containsExactly(1L, 2L, 4L, 8L);
    }

    @Test
    void samplesFarAheadWaitForTheirTime() throws Exception {
        rig.append(Rig.NOW.plus(Duration.ofDays(3)), Priority.NORMAL, 2);

        rig.cycle();
        assertThat(rig.receiver.requests()).isEmpty();
        assertThat(rig.list.pending()).hasSize(2);
        assertThat(rig.list.quarantined()).isEmpty();

        rig.advance(Duration.ofDays(1));
        rig.drain();
        rig.assertAllDelivered();
    }

    @Test
    void whatCanNeverBeSentIsQuarantinedWithItsReason() throws Exception {
        Metric metric = Metric.gauge("test.value", Unit.NONE, "A test", "t");
        rig.list.append(new SampleBatch(
                Rig.NOW.minusSeconds(1),
                "rig-1",
                new TreeMap<>(),
                Priority.NORMAL,
                List.of(metric.sample(1, "fine"), metric.sample(2, "x".repeat(20_000)))));

        rig.cycle();
        // Not before the limits of the server are known.
        rig.cycle();

        assertThat(rig.list.pending()).isEmpty();
        assertThat(rig.list.quarantined()).hasSize(1).containsValue("label_value_too_long");
        assertThat(rig.receiver.samples()).hasSize(1);
        assertThat(rig.health().details()).containsEntry("rejected_total", 1L).containsEntry("uploaded_total", 1L);
    }

    @Test
    void samplesOfABootWhoseClockWasNeverSetAreQuarantined() throws Exception {
        rig.append(Instant.EPOCH.plusSeconds(90), Priority.NORMAL, 2);
        rig.append(Rig.NOW.minus(Duration.ofDays(20)), Priority.NORMAL, 1);
        rig.append(Rig.NOW.minusSeconds(1), Priority.NORMAL, 1);

        rig.drain();

        assertThat(rig.list.pending()).isEmpty();
        assertThat(rig.list.quarantined()).hasSize(2).containsValue("clock_never_set");
        assertThat(rig.receiver.samples()).hasSize(2);
        assertThat(rig.health().details()).containsEntry("rejected_total", 2L).containsEntry("uploaded_total", 2L);
    }

    @Test
    void everyRequestCarriesItsHeaders() throws Exception {
        Path token = folder.resolve("token");
        SecretFile.write(token, "first\n");
        rig.configure(
                "url",
                "http://user:pw@127.0.0.1:" + rig.receiver.url().getPort() + "/api/v1/import?x=1",
                "token.file",
                token.toString(),
                "headers",
                "X-Scope=studio");
        rig.append(Rig.NOW.minusSeconds(10), Priority.NORMAL, 3);
        rig.receiver.script(Fault.UNAUTHORIZED_401);
        rig.whileWaiting = wait -> SecretFile.write(token, "second\n");

        rig.cycle();

        Request request = rig.receiver.requests().get(1);
        assertThat(request.line()).isEqualTo("POST /api/v1/import?x=1 HTTP/1.1");
        assertThat(request.headers())
                .containsEntry("Content-Encoding", "gzip")
                .containsEntry("Content-Type", "application/x-ndjson")
                .containsEntry("User-Agent", "tidewatch/1.2.3")
                .containsEntry("X-Device-ID", "rig-1")
                .containsEntry("X-Scope", "studio")
                .containsEntry("Authorization", "Bearer second")
                .containsKey("Content-Length");
        assertThat(rig.receiver.requests().get(0).headers()).containsEntry("Authorization", "Bearer first");
        rig.assertAllDelivered();
    }

    @Test
    void withoutItsTokenNothingIsSent() throws Exception {
        rig.configure("token.file", folder.resolve("late").toString());
        rig.append(Rig.NOW.minusSeconds(10), Priority.NORMAL, 3);

        rig.cycle();

        assertThat(rig.receiver.requests()).isEmpty();
        assertThat(rig.health().message()).contains("late does not exist");
        SecretFile.write(folder.resolve("late"), "token");
        rig.drain();
        rig.assertAllDelivered();
    }

    @Test
    void filesThatCannotBeUsedAreNotTriedAgainInACycle() throws Exception {
        Path token = SecretFile.write(folder.resolve("token"), "s3cret");
        Files.setPosixFilePermissions(token, PosixFilePermissions.fromString("rw-r--r--"));
        rig.configure("token.file", token.toString());
        rig.append(Rig.NOW.minusSeconds(10), Priority.NORMAL, 3);

        rig.cycle();

        assertThat(rig.waits).isEmpty();
        assertThat(rig.receiver.requests()).isEmpty();
        assertThat(rig.report.figures().failures()).containsExactly(entry("exposed_secret", 1L));
        assertThat(rig.health().message()).contains(token + " has mode 0644", "chmod o-rwx " + token);
        assertThat(rig.list.pending()).hasSize(3);

        Files.setPosixFilePermissions(token, PosixFilePermissions.fromString("rw-r-----"));
        rig.drain();
        rig.assertAllDelivered();
    }

    @Test
    void userInfoIsSentAsBasicAuthorization() throws Exception {
        rig.configure("url", "http://rig:pw@127.0.0.1:" + rig.receiver.url().getPort() + "/api/v1/import");
        rig.append(Rig.NOW.minusSeconds(10), Priority.NORMAL, 3);

        rig.cycle();

        assertThat(rig.receiver.requests().get(0).headers()).containsEntry("Authorization", "Basic cmlnOnB3");
    }

    @Test
    void aStoreThatGoesAwayInTheMiddleTakesItsSamplesWithIt() throws Exception {
        rig.append(Rig.NOW.minusSeconds(10), Priority.NORMAL, 120);
        rig.receiver.script(Fault.ACCEPT, Fault.ERROR_503);
        rig.whileWaiting = wait -> {
            rig.store.set(null);
            rig.list.failWith(new StoreException("closed"));
        };

        rig.cycle();

        assertThat(rig.receiver.requests()).hasSize(2);
        assertThat(rig.list.pending()).hasSize(120);
        assertThat(rig.health().message()).contains("no store");
        rig.list.failWith(null);
        rig.store.set(rig.new Checked());
        rig.drain();
        rig.assertAllDelivered();
    }

    @Test
    void aStoreThatFailsIsToldOf() throws Exception {
        rig.append(Rig.NOW.minusSeconds(10), Priority.NORMAL, 3);
        rig.list.failWith(new StoreException("the disk is full"));

        rig.cycle();

        assertThat(rig.health().status()).isEqualTo(Status.DEGRADED);
        assertThat(rig.health().message()).contains("the disk is full");
        rig.list.failWith(null);
        rig.drain();
        rig.assertAllDelivered();
    }

    @Test
    void healthStatesFacts() throws Exception {
        assertThat(rig.health().details())
                .containsEntry("enabled", true)
                .containsEntry("time_since_upload_seconds", 0.0)
                .containsEntry("upload_interval_seconds", 30.0)
                .containsEntry("pending_count", 0L)
                .containsEntry("uploaded_total", 0L)
                .containsEntry("intercepted", false)
                .doesNotContainKeys("last_upload_time", "last_error", "oldest_pending_seconds");

        rig.append(Rig.NOW.minusSeconds(10), Priority.NORMAL, 3);
        rig.loop.cycle();
        Instant uploaded = rig.now;
        rig.append(Rig.NOW.plusSeconds(5), Priority.NORMAL, 3);
        rig.advance(Duration.ofSeconds(20));

        assertThat(rig.health().details())
                .containsEntry("last_upload_time", uploaded)
                .containsEntry("time_since_upload_seconds", 20.0)
                .containsEntry("pending_count", 3L)
                .containsEntry("oldest_pending_seconds", 15L)
                .containsEntry("uploaded_total", 3L);

        rig.receiver.byDefault(Fault.ERROR_503);
        rig.report.state().waiting(rig.loop.cycle());
        assertThat((double) rig.health().details().get("next_attempt_seconds")).isBetween(27.0, 33.0);
    }

    @Test
    void samplesCostFewBytesOnTheWire() throws Exception {
        HostLoad live = new HostLoad(new Random(5));
        for (int pass = 0; pass < 3; pass++) {
            rig.list.append(live.pass(Rig.NOW.minusSeconds(30 - pass * 10L)));
        }
        rig.cycle();
        double liveBytes =
                rig.receiver.requests().stream().mapToInt(Request::wireBytes).sum() / 180.0;
        // Every 15 minutes the server is asked when it was started: 6.5 KB for 30 times 180 samples.
        assertThat(liveBytes + 6500 / (30 * 180.0)).as("bytes per live sample").isLessThan(12.5);

        int before = rig.receiver.requests().size();
        for (int pass = 0; pass < 83; pass++) {
            rig.list.append(live.pass(Rig.NOW.minusSeconds(10_000 - pass * 10L)));
        }
        rig.cycle();
        rig.assertAllDelivered();
        double backlogBytes = rig.receiver.requests().stream()
                        .skip(before)
                        .mapToInt(Request::wireBytes)
                        .sum()
                / (83 * 60.0);
        assertThat(backlogBytes).as("bytes per sample of a backlog").isLessThan(4.5);
    }

    @Test
    void aLinkThatDoesNotCarryARequestGetsHalfOfIt() throws Exception {
        rig.configure("timeout", "300ms");
        rig.append(Rig.NOW.minusSeconds(1), Priority.NORMAL, 60);
        rig.receiver.script(Fault.STALL, Fault.STALL);

        rig.cycle();

        // Those that stalled are decoded as well: each line is one sample. Bytes are halved, not lines.
        List<Integer> lines = rig.receiver.requests().stream()
                .map(request -> request.samples().size())
                .toList();
        assertThat(lines.get(0)).isEqualTo(60);
        assertThat(lines.get(1)).isBetween(10, 40);
        assertThat(lines.get(2)).isBetween(4, lines.get(1) * 3 / 4);
        assertThat(lines.subList(2, lines.size()).stream()
                        .mapToInt(Integer::intValue)
                        .sum())
                .isEqualTo(60);
        rig.assertAllDelivered();
    }

    @Test
    void whatFindsNoConnectionIsSentWholeLater() throws Exception {
        rig.append(Rig.NOW.minusSeconds(1), Priority.NORMAL, 60);
        rig.receiver.refuseConnections();
        rig.cycle();
        rig.receiver.acceptConnections();

        rig.cycle();

        assertThat(rig.receiver.requests())
                .extracting(request -> request.samples().size())
                .containsExactly(60);
        rig.assertAllDelivered();
    }

    private List<Long> agesInSeconds() {
        return rig.receiver.samples().stream()
                .map(ReceivedSample::timestamp)
                .map(time ->
                        Duration.between(Instant.ofEpochMilli(time), Rig.NOW).toSeconds())
                .toList();
    }
}
