package io.tidewatch.clockskew;

import static org.assertj.core.api.Assertions.assertThat;

import io.tidewatch.api.health.Health;
import io.tidewatch.api.health.Status;
import java.net.URI;
import java.time.Duration;
import java.time.Instant;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class SkewReportTest {
    private static final Instant NOW = Instant.parse("2026-05-04T03:02:01Z");
    private static final URI URL = URI.create("http://127.0.0.1:8428/health");

    private final SkewSettings settings = SkewSettings.DEFAULT;
    private long nanos = Long.MAX_VALUE - 5;
    private final SkewReport report = new SkewReport(() -> nanos);

    @ParameterizedTest
    @CsvSource({
        "999, OK, The clock agrees with the server's to within a second",
        "-999, OK, The clock agrees with the server's to within a second",
        "2000, OK, The clock is 2000 ms ahead of the server's",
        "-2000, OK, The clock is 2000 ms behind the server's",
        "2001, DEGRADED, The clock is 2001 ms ahead of the server's; check time synchronisation",
        "-90000, DEGRADED, The clock is 90000 ms behind the server's; check time synchronisation"
    })
    void judgesByTheThreshold(long skew, Status status, String message) {
        report.ask(URL);
        report.measured(Duration.ofMillis(skew), NOW, settings);

        Health health = report.health(settings);

        assertThat(health.status()).isEqualTo(status);
        assertThat(health.message()).startsWith(message);
        assertThat(health.details())
                .containsEntry("skew_ms", skew)
                .containsEntry("measured_at", NOW)
                .containsEntry("url", "http://127.0.0.1:8428/health")
                .doesNotContainKey("last_error");
        assertThat(report.skew(settings)).contains(Duration.ofMillis(skew));
    }

    @Test
    void aMeasurementIsFreshForThreeIntervals() {
        report.ask(URL);
        report.measured(Duration.ofSeconds(9), NOW, settings);

        nanos += Duration.ofMinutes(15).toNanos() - 1;
        assertThat(report.skew(settings)).isPresent();
        assertThat(report.health(settings).status()).isEqualTo(Status.DEGRADED);

        nanos++;
        assertThat(report.skew(settings)).isEmpty();
        assertThat(report.health(settings).status()).isEqualTo(Status.OK);
        assertThat(report.health(settings).details()).containsEntry("skew_ms", 9000L);
    }

    @Test
    void aFailureAloneIsNoTrouble() {
        report.ask(URL);
        report.failed("offline");
        assertThat(report.health(settings).status()).isEqualTo(Status.OK);
        assertThat(report.health(settings).details()).containsEntry("last_error", "offline");
        assertThat(report.skew(settings)).isEmpty();

        report.measured(Duration.ZERO, NOW, settings);
        assertThat(report.health(settings).details()).doesNotContainKey("last_error");
        report.failed("offline");
        assertThat(report.skew(settings)).isPresent();
    }

    @Test
    void forgetsWhatAnotherServerSaid() {
        report.ask(URL);
        report.measured(Duration.ofSeconds(9), NOW, settings);
        report.ask(URL);
        assertThat(report.skew(settings)).isPresent();

        report.ask(URI.create("http://127.0.0.2:8428/health"));
        assertThat(report.skew(settings)).isEmpty();

        report.ask(null);
        assertThat(report.health(settings)).isEqualTo(report.health(settings));
        assertThat(report.health(settings).message()).isEqualTo("nothing to compare the clock with");
        assertThat(report.health(settings).details()).containsEntry("url", null);
    }

    @Test
    void anEndlessIntervalIsNoTrouble() {
        SkewSettings endless =
                new SkewSettings(true, settings.url(), Duration.ofDays(999_999_999), Duration.ofDays(999));
        report.ask(URL);
        report.measured(Duration.ofDays(998), NOW, endless);

        assertThat(report.skew(endless)).isPresent();
        assertThat(report.health(endless).status()).isEqualTo(Status.OK);
    }
}
