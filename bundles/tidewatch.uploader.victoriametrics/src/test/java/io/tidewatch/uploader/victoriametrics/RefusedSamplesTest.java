package io.tidewatch.uploader.victoriametrics;

import static org.assertj.core.api.Assertions.assertThat;

import io.tidewatch.api.store.Priority;
import io.tidewatch.testing.server.Fault;
import io.tidewatch.testing.server.ReceivedSample;
import java.io.IOException;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.function.Predicate;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

/** What the server refuses for good is found and quarantined; what it refuses for a time is not. */
final class RefusedSamplesTest {
    private static final Fault BAD = Fault.badRequest("cannot parse");

    private Rig rig;

    @BeforeEach
    void start() throws IOException {
        rig = new Rig();
        // So that the 60 series of a backlog make two requests, each other's neighbours.
        rig.configure("chunk.size", "50");
    }

    @AfterEach
    void stop() throws IOException {
        rig.close();
    }

    static Stream<Arguments> refusals() {
        return Stream.of(
                Arguments.of("400", BAD),
                Arguments.of("too long line", Fault.badRequest("too long line")),
                Arguments.of("413", Fault.status(413, "too large")),
                Arguments.of("422", Fault.status(422, "out of range")));
    }

    @ParameterizedTest(name = "{0}")
    @MethodSource("refusals")
    void oneBadSampleIsQuarantinedAndAllOthersArrive(String name, Fault refusal) throws Exception {
        backlog(40, 60);
        long bad = Rig.NOW.minusSeconds(5000 - 170).toEpochMilli();
        rig.receiver.refuse(sample -> is(sample, bad, "33"), refusal);

        rig.cycle();

        assertOnlyBadOnesQuarantined(sample -> is(sample, bad, "33"), 1);
        // Two chunks, halves of one of them, 3 more of a line that had 40 samples; each twice at the end.
        assertThat(rig.receiver.requests()).hasSizeLessThan(30);
        assertThat(rig.health().details()).containsEntry("rejected_total", 1L);
        assertThat(rig.report.figures().rejected()).isEqualTo(Map.of("refused_by_server", 1L));
        assertThat(rig.waits).isEmpty();
    }

    @Test
    void manyBadSamplesAreAllFound() throws Exception {
        backlog(50, 60);
        Random random = new Random(11);
        List<Long> times = Stream.generate(() ->
                        Rig.NOW.minusSeconds(5000 - 10L * random.nextInt(50)).toEpochMilli())
                .limit(12)
                .distinct()
                .toList();
        Predicate<ReceivedSample> bad =
                sample -> times.contains(sample.timestamp()) && sample.timestamp() / 10_000 % 60 == number(sample);
        rig.receiver.refuse(bad, BAD);

        rig.drain();

        assertOnlyBadOnesQuarantined(bad, times.size());
    }

    @Test
    void theOnlyTwoPendingSamplesAreEnough() throws Exception {
        backlog(2, 1);
        long bad = Rig.NOW.minusSeconds(5000).toEpochMilli();
        rig.receiver.refuse(sample -> is(sample, bad, "0"), BAD);

        rig.cycle();

        assertOnlyBadOnesQuarantined(sample -> is(sample, bad, "0"), 1);
    }

    @Test
    void aSingleSampleWaitsUntilTheServerAcceptsAnother() throws Exception {
        backlog(1, 1);
        long bad = Rig.NOW.minusSeconds(5000).toEpochMilli();
        rig.receiver.refuse(sample -> is(sample, bad, "0"), BAD);

        for (int cycle = 0; cycle < 30; cycle++) {
            rig.cycle();
        }
        assertThat(rig.list.quarantined()).isEmpty();
        assertThat(rig.health().message()).contains("refuses", "'cannot parse'");

        rig.append(Rig.NOW.minusSeconds(4990), Priority.NORMAL, 1);
        for (int cycle = 0; cycle < 15; cycle++) {
            rig.cycle();
        }
        assertOnlyBadOnesQuarantined(sample -> is(sample, bad, "0"), 1);
        assertThat(rig.health().details()).doesNotContainKey("last_error");
    }

    @Test
    void aServerThatRefusesEverythingLosesNothingAndIsNotSentEverything() throws Exception {
        backlog(100, 60);
        rig.receiver.byDefault(BAD);

        rig.cycle();

        int first = rig.receiver.requests().size();
        assertThat(first).isLessThan(35);
        assertThat(bodyBytes()).isLessThan(4L * rig.receiver.requests().get(0).bodyBytes());
        for (int cycle = 0; cycle < 4; cycle++) {
            rig.cycle();
        }
        assertThat(rig.receiver.requests()).hasSizeLessThan(first + 9);
        assertThat(rig.list.quarantined()).isEmpty();
        assertThat(rig.list.pending()).hasSize(6000);

        rig.receiver.byDefault(Fault.ACCEPT);
        rig.drain();
        rig.assertAllDelivered();
    }

    @Test
    void anotherServerIsSentAtOnceWhatTheOneBeforeRefused() throws Exception {
        backlog(100, 60);
        rig.receiver.byDefault(BAD);
        rig.cycle();
        int before = rig.receiver.requests().size();
        rig.receiver.byDefault(Fault.ACCEPT);
        rig.configure("url", rig.receiver.url().toString().replace("127.0.0.1", "localhost"));
        rig.cycle();

        assertThat(rig.receiver.requests().get(before).samples()).hasSizeGreaterThan(1);
        rig.assertAllDelivered();
    }

    @ParameterizedTest(name = "{0}")
    @MethodSource("refusals")
    void aRefusalThatPassesSetsNothingAside(String name, Fault refusal) throws Exception {
        backlog(20, 60);
        // The first chunk, its first half, the first half of that, and so on down to a line.
        rig.receiver.script(Fault.ACCEPT, refusal, refusal, refusal, refusal, refusal, refusal);

        rig.drain();

        rig.assertAllDelivered();
    }

    @Test
    void aServerThatGoesAwayMeanwhileSetsNothingAside() throws Exception {
        backlog(40, 60);
        long bad = Rig.NOW.minusSeconds(4900).toEpochMilli();
        rig.receiver.refuse(sample -> is(sample, bad, "7"), BAD);
        rig.receiver.script(Fault.ACCEPT, Fault.ACCEPT, BAD, Fault.ACCEPT, BAD, Fault.ACCEPT, Fault.UNAUTHORIZED_401);

        rig.cycle();
        assertThat(rig.list.quarantined()).isEmpty();
        rig.assertNothingCompletedUnreceived();

        rig.drain();
        assertOnlyBadOnesQuarantined(sample -> is(sample, bad, "7"), 1);
    }

    private long bodyBytes() {
        return rig.receiver.requests().stream()
                .mapToLong(request -> request.bodyBytes())
                .sum();
    }

    private void backlog(int passes, int series) throws Exception {
        Instant begin = Rig.NOW.minusSeconds(5000);
        for (int pass = 0; pass < passes; pass++) {
            rig.append(begin.plusSeconds(pass * 10L), Priority.NORMAL, series);
        }
    }

    private void assertOnlyBadOnesQuarantined(Predicate<ReceivedSample> bad, int count) {
        assertThat(rig.list.pending()).isEmpty();
        assertThat(rig.list.quarantined()).hasSize(count).containsValue("refused_by_server");
        assertThat(rig.list.quarantined().keySet().stream().map(Samples::onTheWire))
                .allMatch(bad);
        rig.assertNothingCompletedUnreceived();
    }

    private static boolean is(ReceivedSample sample, long time, String series) {
        return sample.timestamp() == time && series.equals(sample.labels().get("n"));
    }

    private static int number(ReceivedSample sample) {
        return Integer.parseInt(sample.labels().getOrDefault("n", "-1"));
    }
}
