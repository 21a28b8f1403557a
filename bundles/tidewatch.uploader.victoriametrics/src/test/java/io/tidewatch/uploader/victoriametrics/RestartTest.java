package io.tidewatch.uploader.victoriametrics;

import static org.assertj.core.api.Assertions.assertThat;

import io.tidewatch.api.store.Priority;
import io.tidewatch.testing.server.Fault;
import java.io.IOException;
import java.time.Duration;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.Collections;
import java.util.Comparator;
import java.util.List;
import java.util.Set;
import java.util.stream.Collectors;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

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

        // It died behind the last acknowledgement, and was back before the next upload.
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
    void aServerThatWasRestartedWithTheDeviceIsSentTheLastTenMinutesBeforeAgain() throws Exception {
        // What the process before this one had acknowledged.
        cycles(40);
        Instant died = rig.now;
        try (Rig next = rig.restarted()) {
            next.advance(Duration.ofSeconds(90));
            next.serverStart = died.plusSeconds(60);
            next.append(next.now, Priority.NORMAL, 1);
            next.cycle();

            long lastTenMinutes = rig.list.entries().stream()
                    .filter(entry -> entry.timestamp() >= died.minusSeconds(600).toEpochMilli())
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
        Instant died = rig.now;
        rig.receiver.refuseConnections();
        cycles(3);
        rig.receiver.acceptConnections();
        cycles(1);

        assertSentAgainUpTo(died);
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
    void withoutASettleTimeNobodyIsAsked() throws Exception {
        rig.configure("settle.time", "0s");
        cycles(5);
        rig.serverStart = rig.now;
        rig.receiver.script(Fault.ERROR_502);
        cycles(30);

        assertThat(rig.startsAsked).isEmpty();
        rig.assertAllDelivered();
    }

    @Test
    void whereManyAreAcknowledgedTheServerIsAskedBeforeTheStoreForgets() throws Exception {
        rig.configure("chunk.size", "1", "line.values", "1");
        for (int i = 0; i < 20; i++) {
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

    /** What was acknowledged from 30 s before the last acknowledgement was received again, and nothing before that. */
    private void assertSentAgainUpTo(Instant died) {
        List<Instant> before = rig.receiver.samples().stream()
                .map(sample -> Instant.ofEpochMilli(sample.timestamp()))
                .filter(time -> time.isBefore(died.truncatedTo(ChronoUnit.MILLIS)))
                .toList();
        Instant last = before.stream().max(Comparator.naturalOrder()).orElseThrow();
        assertThat(twice(before))
                .isNotEmpty()
                .isEqualTo(before.stream()
                        .filter(time -> !time.isBefore(last.minusSeconds(30)))
                        .collect(Collectors.toSet()));
    }

    private static Set<Instant> twice(List<Instant> times) {
        return times.stream()
                .filter(time -> Collections.frequency(times, time) > 1)
                .collect(Collectors.toSet());
    }
}
