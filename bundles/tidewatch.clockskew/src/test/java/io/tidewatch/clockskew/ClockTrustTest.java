package io.tidewatch.clockskew;

import static org.assertj.core.api.Assertions.assertThat;

import io.tidewatch.api.health.Health;
import io.tidewatch.api.health.Status;
import java.net.URI;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class ClockTrustTest {
    private static final Instant BUILT = Instant.parse("2026-01-01T00:00:00Z");
    private static final Instant NOW = Instant.parse("2026-05-04T03:02:01.250Z");
    private static final SkewSettings SETTINGS = SkewSettings.DEFAULT;

    @TempDir
    private Path folder;

    private final AtomicInteger comparisons = new AtomicInteger();
    private final SkewReport report = new SkewReport(() -> 0);
    private long nanos;
    private final FirstComparison first = new FirstComparison(() -> nanos, comparisons::incrementAndGet);
    private ClockTrust trust;

    @BeforeEach
    void validate() {
        DeviceClock clock = new DeviceClock(
                new Machine(folder, NOW).source(),
                new StepCheck(BUILT),
                new StoreGate(() -> null),
                () -> true,
                () -> {});
        trust = new ClockTrust(clock, report, first, BUILT);
        report.ask(URI.create("http://127.0.0.1:8428/health"));
    }

    @Test
    void aClockBeforeTheBuildIsWrong() {
        Instant early = Instant.parse("1970-01-01T00:00:31.250Z");

        assertThat(trust.doubt(early, SETTINGS)).hasValueSatisfying(why -> assertThat(why)
                .startsWith("the clock says 1970-01-01T00:00:31Z, which is before this version was built")
                .contains("timedatectl"));
        assertThat(trust.doubt(BUILT.minusNanos(1), SETTINGS)).isPresent();
        assertThat(trust.doubt(BUILT, SETTINGS)).isEmpty();
        Health health = trust.health(Health.ok("nothing to compare the clock with", Map.of()), early);
        assertThat(health.status()).isEqualTo(Status.DEGRADED);
        assertThat(health.message()).contains("1970").contains("nothing to compare");
    }

    @ParameterizedTest
    @CsvSource({"86400000, false", "-86400000, false", "86400001, true", "-86400001, true", "5000, false"})
    void aClockThatIsMoreThanADayOffIsWrong(long skew, boolean wrong) {
        report.measured(Duration.ofMillis(skew), NOW, SETTINGS);

        Optional<String> doubt = trust.doubt(NOW, SETTINGS);

        assertThat(doubt.isPresent()).isEqualTo(wrong);
        if (wrong) {
            assertThat(doubt.orElseThrow())
                    .startsWith("the clock says 2026-05-04T03:02:01Z, 1 days " + (skew < 0 ? "behind" : "ahead of"));
        }
        SkewSettings off = new SkewSettings(false, Optional.empty(), Duration.ofMinutes(5), Duration.ofSeconds(2));
        assertThat(trust.doubt(NOW, off)).as("turned off").isEmpty();
        report.forget();
        assertThat(trust.doubt(NOW, SETTINGS)).as("set since").isEmpty();
    }

    @Test
    void samplesWaitForTheFirstComparisonButNotForLong() {
        assertThat(trust.doubt(NOW, SETTINGS)).as("nobody is asked").isEmpty();
        first.begin();
        assertThat(trust.doubt(NOW, SETTINGS)).hasValue("the clock is being compared with the server's");
        nanos += FirstComparison.LIMIT.toNanos();
        assertThat(trust.doubt(NOW, SETTINGS)).isEmpty();

        first.ended(true);
        assertThat(trust.doubt(NOW, SETTINGS)).isEmpty();
        assertThat(comparisons).hasValue(0);
    }

    @Test
    void whileNobodyAnswersEveryAttemptAtUploadsBeginsWithAComparison() {
        first.begin();
        first.ended(false);
        assertThat(trust.doubt(NOW, SETTINGS)).isEmpty();
        nanos += FirstComparison.PAUSE.toNanos();

        assertThat(trust.doubt(NOW, SETTINGS)).isPresent();
        assertThat(trust.doubt(NOW, SETTINGS)).isPresent();
        assertThat(comparisons).hasValue(1);
        first.ended(true);
        nanos += FirstComparison.PAUSE.toNanos();
        assertThat(trust.doubt(NOW, SETTINGS)).isEmpty();
        first.begin();
        first.cancel();
        assertThat(trust.doubt(NOW, SETTINGS)).isEmpty();
        assertThat(comparisons).hasValue(1);
    }
}
