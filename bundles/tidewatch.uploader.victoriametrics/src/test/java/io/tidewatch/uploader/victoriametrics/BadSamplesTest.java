package io.tidewatch.uploader.victoriametrics;

import static org.assertj.core.api.Assertions.assertThat;

import io.tidewatch.api.health.Status;
import io.tidewatch.api.store.Priority;
import io.tidewatch.testing.server.Fault;
import io.tidewatch.testing.server.ReceivedSample;
import java.io.IOException;
import java.time.Duration;
import java.time.Instant;
import java.util.HashMap;
import java.util.HashSet;
import java.util.Map;
import java.util.Random;
import java.util.Set;
import java.util.TreeMap;
import java.util.function.Predicate;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/** Bad samples keep no good one waiting, and all of them are found, however many they are. */
@Tag("slow")
final class BadSamplesTest {
    private static final Fault BAD = Fault.badRequest("cannot parse the value");

    private Rig rig;

    @BeforeEach
    void start() throws IOException {
        rig = new Rig();
    }

    @AfterEach
    void stop() throws IOException {
        rig.close();
    }

    @Test
    void hundredsOfBadSamplesInARequestAreAllFound() throws Exception {
        backlog(Priority.NORMAL, 5000, 50, 100);
        Random random = new Random(5);
        Set<String> bad = new HashSet<>();
        for (int i = 0; i < 400; i++) {
            bad.add(random.nextInt(100) + " "
                    + Rig.NOW.minusSeconds(5000 - 10L * random.nextInt(50)).toEpochMilli());
        }
        Predicate<ReceivedSample> isBad = sample -> bad.contains(number(sample) + " " + sample.timestamp());
        rig.receiver.refuse(isBad, BAD);
        for (int i = 0; i < 5 && !rig.list.pending().isEmpty(); i++) {
            rig.cycle();
        }

        assertOnlyBadOnesAreQuarantined(isBad, bad.size());
        assertThat(rig.receiver.requests()).hasSizeLessThan(10 * bad.size());
    }

    @Test
    void badSamplesAtTheHeadOfTheBacklogKeepNoGoodOneWaiting() throws Exception {
        backlog(Priority.NORMAL, 90_000, 40, 300);
        backlog(Priority.NORMAL, 50_000, 121, 300);
        rig.receiver.refuse(sample -> isBefore(sample, 60_000), BAD);
        rig.append(rig.now, Priority.NORMAL, 1);
        int good = 36_301;
        int[] quarantined = {Integer.MAX_VALUE};
        rig.duringEveryRequest(() -> {
            if (quarantined[0] == Integer.MAX_VALUE && rig.receiver.samples().size() >= good) {
                quarantined[0] = rig.list.quarantined().size();
            }
        });
        rig.configure("batch.size", "1000");
        rig.cycle();

        assertThat(new HashSet<>(rig.receiver.samples())).hasSize(good);
        assertThat(quarantined[0])
                .as("quarantined before all good ones arrived")
                .isLessThan(100);
        assertThat(rig.list.pending()).isEmpty();
        assertThat(rig.list.quarantined()).hasSize(12_000);
        assertThat(rig.health().status()).isEqualTo(Status.OK);
    }

    @Test
    void aPriorityWhoseEverySampleIsBadDoesNotBlockThoseBehind() throws Exception {
        backlog(Priority.CRITICAL, 50_000, 3, 40);
        backlog(Priority.LOW, 40_000, 3, 40);
        rig.receiver.refuse(sample -> "CRITICAL".equals(sample.labels().get("priority")), BAD);
        rig.cycle();

        assertThat(rig.list.pending()).isEmpty();
        assertThat(rig.list.quarantined()).hasSize(120).allSatisfy((entry, reason) -> assertThat(
                        entry.series().priority())
                .isEqualTo(Priority.CRITICAL));
        assertThat(rig.receiver.samples()).hasSizeGreaterThanOrEqualTo(120);
    }

    @Test
    void freshSamplesDoNotWaitForTheSearch() throws Exception {
        backlog(Priority.NORMAL, 50_000, 30, 30);
        rig.append(rig.now, Priority.NORMAL, 1);
        rig.receiver.refuse(sample -> isBefore(sample, 40_000), BAD);
        rig.requestTakes = Duration.ofMillis(500);
        // A pass every 10 seconds, while 900 samples are tried one by one.
        Map<Long, Instant> arrived = new HashMap<>();
        Instant[] next = {rig.now.plusSeconds(10)};
        rig.duringEveryRequest(() -> {
            rig.receiver.samples().forEach(sample -> arrived.putIfAbsent(sample.timestamp(), rig.now));
            if (!rig.now.isBefore(next[0])) {
                rig.appendQuietly(rig.now, Priority.HIGH, 1);
                next[0] = rig.now.plusSeconds(10);
            }
        });
        for (int i = 0; i < 20; i++) {
            rig.cycle();
        }

        assertThat(rig.list.quarantined()).hasSize(900);
        arrived.forEach((time, when) -> {
            if (time >= Rig.NOW.toEpochMilli()) {
                assertThat(Duration.between(Instant.ofEpochMilli(time), when)).isLessThan(Duration.ofSeconds(40));
            }
        });
        assertThat(arrived.keySet().stream().filter(time -> time >= Rig.NOW.toEpochMilli()))
                .hasSizeGreaterThan(30);
    }

    @Test
    void aSeriesThatIsRefusedForItsLabelsCostsARequestPerLine() throws Exception {
        backlog(Priority.NORMAL, 90_000, 600, 3);
        rig.receiver.refuse(sample -> number(sample) == 1, BAD);
        rig.append(rig.now, Priority.NORMAL, 1);
        rig.cycle();

        assertThat(rig.list.pending()).isEmpty();
        Map<String, Integer> reasons = new TreeMap<>();
        rig.list.quarantined().values().forEach(reason -> reasons.merge(reason, 1, Integer::sum));
        assertThat(reasons.get("refused_by_server") + reasons.get("refused_series"))
                .isEqualTo(600);
        assertThat(reasons.get("refused_by_server")).as("proven one by one").isBetween(20, 150);
        assertThat(rig.receiver.requests()).hasSizeLessThan(500);
        assertThat(rig.list.quarantined().keySet())
                .allMatch(entry -> "1".equals(entry.series().tags().get("n")));

        // The rule of the server is gone: nothing is held against the series.
        rig.receiver.refuse(sample -> false, BAD);
        int before = rig.receiver.samples().size();
        for (int i = 0; i < 3; i++) {
            rig.append(rig.now, Priority.NORMAL, 3);
            rig.cycle();
        }
        assertThat(rig.list.pending()).isEmpty();
        assertThat(rig.list.quarantined()).hasSize(600);
        assertThat(rig.receiver.samples()).hasSizeGreaterThanOrEqualTo(before + 9);
    }

    @Test
    void badSamplesAmongFreshOnesCostNoGoodOne() throws Exception {
        rig.receiver.refuse(sample -> number(sample) % 7 == 3, BAD);
        for (int i = 0; i < 30; i++) {
            rig.append(rig.now, Priority.NORMAL, 40);
            rig.cycle();
            assertThat(rig.list.pending())
                    .noneMatch(entry -> Integer.parseInt(entry.series().tags().get("n")) % 7 != 3);
        }
        for (int i = 0; i < 5; i++) {
            rig.cycle();
        }
        assertOnlyBadOnesAreQuarantined(sample -> number(sample) % 7 == 3, 30 * 6);
    }

    @Test
    void aServerThatRefusesEverythingForHoursGetsOneSmallRequestPerInterval() throws Exception {
        backlog(Priority.NORMAL, 50_000, 100, 60);
        rig.append(rig.now, Priority.NORMAL, 60);
        rig.cycle();
        backlog(Priority.NORMAL, 20_000, 100, 60);
        rig.receiver.byDefault(BAD);
        rig.cycle();
        int before = rig.receiver.requests().size();
        for (int i = 0; i < 50; i++) {
            rig.cycle();
        }

        assertThat(rig.receiver.requests().size() - before).isLessThan(160);
        assertThat(rig.receiver
                        .requests()
                        .subList(before, rig.receiver.requests().size()))
                .allMatch(request -> request.bodyBytes() < 200);
        assertThat(rig.list.quarantined()).isEmpty();
        rig.receiver.byDefault(Fault.ACCEPT);
        rig.drain();
        assertThat(rig.list.quarantined()).isEmpty();
    }

    private void backlog(Priority priority, long secondsAgo, int passes, int series) throws Exception {
        for (int pass = 0; pass < passes; pass++) {
            rig.append(Rig.NOW.minusSeconds(secondsAgo - 10L * pass), priority, series);
        }
    }

    private void assertOnlyBadOnesAreQuarantined(Predicate<ReceivedSample> bad, int count) {
        assertThat(rig.list.pending()).isEmpty();
        assertThat(rig.list.quarantined()).hasSize(count);
        assertThat(rig.list.quarantined().keySet().stream().map(Samples::onTheWire))
                .allMatch(bad);
        rig.assertNothingCompletedUnreceived();
    }

    private static boolean isBefore(ReceivedSample sample, long secondsAgo) {
        return sample.timestamp() < Rig.NOW.minusSeconds(secondsAgo).toEpochMilli();
    }

    private static int number(ReceivedSample sample) {
        return Integer.parseInt(sample.labels().getOrDefault("n", "-1"));
    }
}
