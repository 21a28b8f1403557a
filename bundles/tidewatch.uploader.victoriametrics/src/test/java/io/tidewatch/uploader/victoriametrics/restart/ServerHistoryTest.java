package io.tidewatch.uploader.victoriametrics.restart;

import static org.assertj.core.api.Assertions.assertThat;

import io.tidewatch.uploader.victoriametrics.http.ServerPage;
import java.time.Duration;
import java.time.Instant;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

final class ServerHistoryTest {
    private static final Instant NOW = Instant.parse("2026-03-01T12:00:00Z");
    private static final long START = NOW.getEpochSecond() - 3600;

    private final ServerHistory history = new ServerHistory();

    @Test
    void itsTextIsReadAsItWasWritten() {
        assertThat(history).hasToString("");
        history.reported(new ServerPage.Start(START, Duration.ofHours(1), 0), false, NOW, 0);
        history.reported(
                new ServerPage.Start(START - 70_000, Duration.ofDays(1), 0), false, NOW.plusSeconds(9), 9_000_000_000L);

        ServerHistory read = new ServerHistory();
        read.read(history.toString(), NOW.plusSeconds(60), 0);
        assertThat(read).hasToString(history.toString());
        assertThat(read.isEmpty()).isFalse();
        assertThat(read.reported(new ServerPage.Start(START, Duration.ofMinutes(61), 0), false, NOW.plusSeconds(60), 0))
                .isEmpty();
        assertThat(read.reported(
                        new ServerPage.Start(START + 3630, Duration.ofSeconds(30), 0), false, NOW.plusSeconds(60), 0))
                .contains(NOW.plusSeconds(9));
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "1", "1 2", "1 2 3", "1 2 3\n4 5", "1 2 3\nfour 5 6", "1 2 3\n4 5 6 7", "{}\n{}\n"})
    void anyOtherTextIsNoHistory(String text) {
        history.read(text, NOW, 0);
        assertThat(history.isEmpty()).isTrue();
    }

    @Test
    void aServerWithoutAClockIsKnownByItsUptime() {
        // It starts in 1970 each time, and sets its clock later.
        history.reported(new ServerPage.Start(20, Duration.ofHours(1), 0), false, NOW, 0);
        Duration later = Duration.ofMinutes(10);

        assertThat(history.reported(
                        new ServerPage.Start(20, Duration.ofMinutes(70), 0), false, NOW.plus(later), later.toNanos()))
                .isEmpty();
        assertThat(history.reported(
                        new ServerPage.Start(20, Duration.ofMinutes(3), 0), false, NOW.plus(later), later.toNanos()))
                .as("the same start, a shorter uptime")
                .contains(NOW.plus(later));
        assertThat(history.reported(
                        new ServerPage.Start(18, Duration.ofMinutes(1), 0),
                        false,
                        NOW.plus(later),
                        2 * later.toNanos()))
                .as("a start before the last one")
                .contains(NOW.plus(later));
    }

    @Test
    void aServerThatStartsTwiceWithinASecondWasRestartedIfTheConnectionWasLost() {
        ServerPage.Start start = new ServerPage.Start(START, Duration.ZERO, 0);
        history.reported(start, false, NOW, 0);

        assertThat(history.reported(start, false, NOW.plusMillis(100), 100_000_000))
                .isEmpty();
        assertThat(history.reported(start, true, NOW.plusMillis(200), 200_000_000))
                .contains(NOW.plusMillis(100));
        Instant later = NOW.plusSeconds(9);
        history.reported(new ServerPage.Start(START, Duration.ofSeconds(9), 0), false, later, 9_000_000_000L);
        assertThat(history.reported(
                        new ServerPage.Start(START, Duration.ofSeconds(10), 0), true, later, 9_000_000_000L))
                .as("a start that is longer ago than a second")
                .isEmpty();
    }

    @Test
    void manyServersBehindOneNameAreNoRestart() {
        for (int round = 0; round < 3; round++) {
            for (int server = 0; server < 20; server++) {
                int minutes = round * 20 + server;
                assertThat(history.reported(
                                new ServerPage.Start(
                                        START - server, Duration.ofSeconds(3600 + server + minutes * 60L), 0),
                                false,
                                NOW.plusSeconds(minutes * 60L),
                                minutes * 60_000_000_000L))
                        .isEmpty();
            }
        }
        assertThat(history.toString().lines()).hasSize(17);
    }
}
