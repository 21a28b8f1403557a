package io.tidewatch.uploader.victoriametrics;

import static org.assertj.core.api.Assertions.assertThat;

import io.tidewatch.api.store.Priority;
import io.tidewatch.testing.server.Fault;
import io.tidewatch.uploader.victoriametrics.restart.ServerHistory;
import java.io.IOException;
import java.time.Duration;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.Collections;
import java.util.Comparator;
import java.util.List;
import java.util.Set;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;

/** What a server may have lost when it was restarted is sent again, and not more than that. */
final class RestartTest {
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
    void aRestartBetweenTwoUploadsIsFoundAndWhatWasLostIsSentAgain() throws Exception {
        cycles(60);
        assertThat(rig.health().details()).containsEntry("resent_total", 0L);

        // It died after the last acknowledgement, and was back before the next upload.
        Instant died = rig.now;
        rig.serverStart = died.plusSeconds(2);
        rig.advance(Duration.ofSeconds(5));
        cycles(40);

        assertThat(rig.list.pending()).isEmpty();
        assertThat(resent()).isPositive();
        assertSentAgainUpTo(died);

        long once = resent();
        cycles(60);
        assertThat(resent()).isEqualTo(once);
    }

    @Test
    void ofTwoRestartsBetweenTwoQuestionsNothingIsLost() throws Exception {
        cycles(32);
        Instant died = rig.now;
        cycles(10);
        rig.serverStart = rig.now;
        cycles(40);

        assertSentAgainUpTo(died);
        assertSentAgainUpTo(rig.serverStart);
        rig.drain();
    }

    @Test
    void anOutageWithARestartIsFoundAtItsEnd() throws Exception {
        cycles(5);
        int asked = rig.startsAsked.size();
        Instant died = rig.now;
        rig.receiver.refuseConnections();
        cycles(60);
        rig.serverStart = rig.now.minusSeconds(5);
        rig.receiver.acceptConnections();
        cycles(1);

        assertThat(rig.startsAsked).hasSize(asked + 1);
        assertSentAgainUpTo(died);
        rig.drain();
    }

    /** As while a token is changed: imports are accepted, and its metrics page is refused. */
    @Test
    void aPageThatIsRefusedForAMomentHidesNoLaterRestart() throws Exception {
        cycles(5);
        rig.serverStart = null;
        outage(null);
        for (int kill = 0; kill < 2; kill++) {
            cycles(1);
            Instant last = Collections.max(received());
            outage(rig.now);
            cycles(2);
            assertThat(twice(received())).as("kill " + kill).contains(last);
        }
        rig.drain();
    }

    private void outage(@Nullable Instant nextStart) throws Exception {
        rig.receiver.refuseConnections();
        cycles(1);
        rig.serverStart = nextStart;
        rig.receiver.acceptConnections();
        cycles(1);
    }

    enum End {
        ORDERLY,
        ORDERLY_WITHOUT_AN_ANSWER,
        KILLED
    }

    @ParameterizedTest
    @EnumSource
    void aRestartBeforeTheEndOfTheAgentIsFoundAtItsNextStart(End end) throws Exception {
        cycles(40);
        Instant died = rig.now;
        rig.serverStart = died.plusMillis(100);
        cycles(2);
        end(end);
        try (Rig next = rig.restarted()) {
            next.advance(Duration.ofSeconds(690));
            next.append(next.now, Priority.NORMAL, 1);
            next.cycle();
            next.drain();

            assertSentAgainUpTo(died);
        }
    }

    @ParameterizedTest
    @EnumSource
    void aRestartWhileTheAgentIsOffIsFoundAtItsNextStart(End end) throws Exception {
        cycles(40);
        Instant died = rig.now;
        end(end);
        try (Rig next = rig.restarted()) {
            next.advance(Duration.ofHours(3));
            next.serverStart = died.plusSeconds(60);
            next.append(next.now, Priority.NORMAL, 1);
            next.cycle();
            next.drain();

            assertSentAgainUpTo(died);
            long once = next.report.figures().resent();
            next.append(next.now, Priority.NORMAL, 1);
            next.cycle();
            assertThat(next.report.figures().resent()).isEqualTo(once);
        }
    }

    @Test
    void aRestartIsFoundThoughNothingIsPending() throws Exception {
        cycles(40);
        Instant died = rig.now;
        try (Rig next = rig.restarted()) {
            next.serverStart = died.plusSeconds(60);
            next.metricsPageFails = true;
            next.advance(Duration.ofSeconds(690));
            for (int i = 0; i < 40; i++) {
                next.cycle();
            }
            next.metricsPageFails = false;
            for (int i = 0; i < 3; i++) {
                next.cycle();
            }

            assertSentAgainUpTo(died);
            assertThat(next.startsReported).hasSize(1);
        }
    }

    @ParameterizedTest
    @ValueSource(ints = {-3600, 3600, -86_400, 86_400})
    void aClockThatIsWrongAfterTheRestartOfTheAgentHidesNoRestart(int seconds) throws Exception {
        for (boolean restarted : new boolean[] {true, false}) {
            try (Rig before = new Rig()) {
                before.append(before.now, Priority.NORMAL, 1);
                before.cycle();
                before.append(before.now, Priority.NORMAL, 1);
                before.cycle();
                Instant last = Collections.max(received(before));
                before.stop();
                try (Rig next = before.restarted()) {
                    next.advance(Duration.ofSeconds(690));
                    next.setClock(Duration.ofSeconds(seconds));
                    // Its clock is right, and counts its uptime.
                    next.clockError = Duration.ofSeconds(seconds);
                    if (restarted) {
                        next.serverStart = Rig.NOW.plusSeconds(90);
                    }
                    next.append(next.now, Priority.NORMAL, 1);
                    next.cycle();

                    next.drain();
                    assertThat(twice(received(before)).contains(last)).isEqualTo(restarted);
                    assertThat(next.report.figures().resent()).isBetween(restarted ? 1L : 0L, restarted ? 3L : 0L);
                }
            }
        }
    }

    @Test
    void aClockThatWasSetBackAfterTheLastQuestionHidesNoAcknowledgement() throws Exception {
        cycles(3);
        rig.setClock(Duration.ofHours(-1));
        rig.clockError = Duration.ofHours(-1);
        Instant setBack = rig.now;
        cycles(3);
        Instant killed = rig.now.truncatedTo(ChronoUnit.MILLIS);
        try (Rig next = rig.restarted()) {
            next.clockError = Duration.ofHours(-1);
            next.serverStart = next.now.plus(Duration.ofHours(1));
            next.advance(Duration.ofSeconds(60));
            next.append(next.now, Priority.NORMAL, 1);
            next.cycle();
            next.drain();

            List<Instant> afterwards = received().stream()
                    .filter(time -> !time.isBefore(setBack.truncatedTo(ChronoUnit.MILLIS)) && time.isBefore(killed))
                    .toList();
            assertThat(twice(afterwards)).hasSize(3).containsAll(afterwards);
        }
    }

    @Test
    void aServerThatIsRestartedAndReachedByAnotherNameIsTheSameServer() throws Exception {
        cycles(40);
        Instant died = rig.now;
        rig.serverStart = died.plusMillis(100);
        rig.advance(Duration.ofSeconds(5));
        rig.configure("url", rig.receiver.url().toString().replace("127.0.0.1", "localhost"));
        cycles(2);

        assertSentAgainUpTo(died);
    }

    @Test
    void anotherServerThatRanAllTheTimeIsSentNothingAgain() throws Exception {
        cycles(40);
        rig.serverStart = Rig.NOW.minus(Duration.ofDays(3));
        rig.configure("url", rig.receiver.url().toString().replace("127.0.0.1", "localhost"));
        cycles(2);

        assertThat(rig.startsAsked).hasSizeGreaterThan(2);
        assertThat(resent()).isZero();
    }

    @Test
    void aRestartOfOneOfTwoServersIsFoundThoughTheOtherAnsweredMeanwhile() throws Exception {
        Instant one = Rig.NOW.minus(Duration.ofDays(30));
        Instant other = Rig.NOW.minus(Duration.ofDays(3));
        cycles(1);
        rig.serverStart = other;
        cycles(35);
        Instant died = rig.now;
        rig.serverStart = one;
        cycles(35);
        assertThat(resent()).isZero();

        rig.serverStart = died.plusSeconds(10);
        cycles(35);
        assertSentAgainUpTo(died);

        long once = resent();
        rig.serverStart = one;
        cycles(35);
        rig.serverStart = died.plusSeconds(10);
        cycles(35);
        assertThat(resent()).isEqualTo(once);
    }

    @Test
    void aServerThatDidNotAnswerOfLateIsNotAskedAtAStop() throws Exception {
        cycles(3);
        int asked = rig.startsAsked.size();
        rig.receiver.refuseConnections();
        cycles(1);
        rig.stop();

        assertThat(rig.startsAsked).hasSize(asked);
    }

    @Test
    void anAgentThatStopsAsksOnceUnlessItHasJustAsked() throws Exception {
        cycles(3);
        rig.stop();
        assertThat(rig.startsAsked).hasSize(2);

        try (Rig next = rig.restarted()) {
            next.append(next.now, Priority.NORMAL, 1);
            next.cycle();
            next.stop();
            assertThat(next.startsAsked).hasSize(1);
        }
    }

    @Test
    void whatCouldNotBeNotedIsSentAgainRatherThanLost() throws Exception {
        cycles(40);
        Instant died = rig.now;
        rig.serverStart = died.plusMillis(100);
        rig.notesFail = true;
        cycles(40);
        long once = resent();
        assertThat(once).isPositive();
        try (Rig next = rig.restarted()) {
            next.advance(Duration.ofMinutes(1));
            next.append(next.now, Priority.NORMAL, 1);
            next.cycle();
            next.drain();
            assertSentAgainUpTo(died);
            assertThat(next.report.figures().resent()).isPositive();
        }
        rig.notesFail = false;
        cycles(1);
        try (Rig next = rig.restarted()) {
            next.append(next.now, Priority.NORMAL, 1);
            next.cycle();
            assertThat(next.report.figures().resent()).isZero();
        }
    }

    @Test
    void anOutageWithoutARestartSendsNothingAgain() throws Exception {
        cycles(5);
        for (int outage = 0; outage < 5; outage++) {
            rig.receiver.script(Fault.RESET_WITHIN_BODY, Fault.ERROR_502);
            cycles(3);
        }

        rig.drain();
        assertThat(resent()).isZero();
        rig.assertAllDelivered();
    }

    @Test
    void theServerIsNotAskedMoreThanNeeded() throws Exception {
        cycles(1);
        assertThat(rig.startsAsked).hasSize(1);
        // An hour and a half.
        cycles(180);
        assertThat(rig.startsAsked).hasSizeBetween(6, 8);
        // Without a failure, never when nothing is sent.
        for (int i = 0; i < 100; i++) {
            rig.cycle();
        }
        assertThat(rig.startsAsked).hasSizeLessThan(12);
    }

    @Test
    void withoutAHistoryAServerThatWasRestartedWithTheDeviceIsSentTheLastTenMinutesBeforeAgain() throws Exception {
        // What the process before this one had acknowledged.
        cycles(40);
        rig.list.note(ServerHistory.NOTE, "");
        Instant died = rig.now;
        try (Rig next = rig.restarted()) {
            next.advance(Duration.ofSeconds(90));
            next.serverStart = died.plusSeconds(60);
            next.append(next.now, Priority.NORMAL, 1);
            next.cycle();

            long lastTenMinutes = rig.list.entries().stream()
                    .filter(entry -> entry.timestamp() >= died.minusSeconds(630).toEpochMilli())
                    .count();
            assertThat(next.health().details()).containsEntry("resent_total", lastTenMinutes);
        }
    }

    @Test
    void anAgentThatIsRestartedSendsNothingAgain() throws Exception {
        cycles(40);
        try (Rig next = rig.restarted()) {
            next.append(next.now, Priority.NORMAL, 1);
            next.cycle();

            assertThat(next.health().details()).containsEntry("resent_total", 0L);
            assertThat(next.startsAsked).hasSize(1);
        }
    }

    @Test
    void twoServersBehindOneNameAreNoRestart() throws Exception {
        cycles(1);
        rig.serverStart = Rig.NOW.minus(Duration.ofDays(3));
        cycles(30);
        rig.serverStart = Rig.NOW.minus(Duration.ofDays(30));
        cycles(30);
        rig.serverStart = Rig.NOW.minus(Duration.ofDays(3));
        cycles(40);

        assertThat(rig.startsAsked).hasSizeGreaterThan(3);
        assertThat(resent()).isZero();
    }

    @Test
    void aClockThatIsSetIsNoRestartAndHidesNone() throws Exception {
        cycles(5);
        rig.setClock(Duration.ofDays(-400));
        rig.serverStart = rig.serverStart.minus(Duration.ofDays(400));
        cycles(30);
        assertThat(resent()).isZero();

        rig.serverStart = rig.now.minusSeconds(10);
        cycles(40);
        assertThat(resent()).isPositive();
    }

    @Test
    void aServerThatDoesNotSayIsTakenForRestartedWhenItsConnectionIsRefused() throws Exception {
        rig.serverStart = null;
        cycles(5);
        Instant died = rig.now.truncatedTo(ChronoUnit.MILLIS);
        rig.receiver.refuseConnections();
        cycles(3);
        rig.receiver.acceptConnections();
        cycles(1);

        Instant last = received().stream()
                .filter(time -> time.isBefore(died))
                .max(Comparator.naturalOrder())
                .orElseThrow();
        assertSentAgainUpTo(died, last);
        assertThat(rig.startsAsked).hasSize(1);
        rig.drain();
    }

    @Test
    void aServerThatDoesNotSayIsNotSentEverythingAgainAllDay() throws Exception {
        rig.serverStart = null;
        // Each cycle ends with a broken connection, for two hours.
        for (int i = 0; i < 240; i++) {
            rig.receiver.script(Fault.ACCEPT, Fault.ERROR_502);
            rig.append(rig.now, Priority.NORMAL, 1);
            rig.append(rig.now.minusSeconds(4000), Priority.NORMAL, 1);
            rig.cycle();
        }

        assertThat(resent()).isPositive().isLessThan(240);
    }

    @Test
    void aConnectionThatWasClosedForItsSilenceIsNoRestart() throws Exception {
        rig.serverStart = null;
        for (int i = 0; i < 20; i++) {
            rig.receiver.script(Fault.RESET_BEFORE_BODY);
            cycles(1);
        }

        assertThat(resent()).isZero();
    }

    @Test
    void withoutASettleTimeNothingIsResent() throws Exception {
        rig.configure("settle.time", "0s");
        cycles(5);
        rig.serverStart = rig.now;
        rig.receiver.script(Fault.ERROR_502);
        cycles(30);

        assertThat(resent()).isZero();
        rig.assertAllDelivered();
    }

    @Test
    void whereManyAreAcknowledgedTheServerIsAskedBeforeTheStoreForgets() throws Exception {
        rig.configure("chunk.size", "1", "line.values", "1");
        for (int i = 0; i < 4; i++) {
            rig.append(rig.now, Priority.NORMAL, 60);
            rig.cycle();
        }

        assertThat(rig.startsAsked).hasSize(2);
    }

    /** Live samples, one per cycle. */
    private void cycles(int count) throws Exception {
        for (int i = 0; i < count; i++) {
            rig.append(rig.now, Priority.NORMAL, 1);
            rig.cycle();
        }
    }

    private long resent() {
        return rig.report.figures().resent();
    }

    private void end(End end) throws InterruptedException {
        rig.metricsPageFails = end == End.ORDERLY_WITHOUT_AN_ANSWER;
        if (end != End.KILLED) {
            rig.stop();
        }
    }

    /**
     * What was acknowledged from 30 s before the last report that preceded the death was received again, and nothing
     * before that.
     */
    private void assertSentAgainUpTo(Instant died) {
        assertSentAgainUpTo(
                died,
                rig.startsReported.stream()
                        .filter(time -> !time.isAfter(died))
                        .max(Comparator.naturalOrder())
                        .orElseThrow());
    }

    private void assertSentAgainUpTo(Instant died, Instant known) {
        List<Instant> before = received().stream()
                .filter(time -> time.isBefore(died.truncatedTo(ChronoUnit.MILLIS)))
                .toList();
        assertThat(twice(before))
                .isNotEmpty()
                .isEqualTo(before.stream()
                        .filter(time -> !time.isBefore(known.minusSeconds(30)))
                        .collect(Collectors.toSet()));
    }

    private List<Instant> received() {
        return received(rig);
    }

    private static List<Instant> received(Rig rig) {
        return rig.receiver.samples().stream()
                .map(sample -> Instant.ofEpochMilli(sample.timestamp()))
                .toList();
    }

    private static Set<Instant> twice(List<Instant> times) {
        return times.stream()
                .filter(time -> Collections.frequency(times, time) > 1)
                .collect(Collectors.toSet());
    }
}
