package io.tidewatch.systemd;

import static org.assertj.core.api.Assertions.assertThat;

import io.tidewatch.api.health.Health;
import java.time.Duration;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;

class CommitWatchTest {
    private static final Duration PATIENCE = Duration.ofSeconds(60);

    private final Reports reports = Reports.healthy();
    private final CommitWatch watch = new CommitWatch(PATIENCE, 0);

    @Test
    void livesWhilePassesAreKept() {
        for (int second = 0; second < 600; second += 20) {
            reports.committed("cpu", 10, Reports.MOMENT.plusSeconds(second));
            assertThat(livesAt(second)).as("after %d s", second).isTrue();
        }
    }

    @Test
    void isDeadOnceNoneIsKeptForTheTimeOfTheWatchdog() {
        assertThat(livesAt(0)).isTrue();
        assertThat(livesAt(60)).isTrue();
        assertThat(livesAt(61)).isFalse();
    }

    @Test
    void livesAgainWhenOneIsKept() {
        livesAt(0);
        assertThat(livesAt(300)).isFalse();

        reports.committed("cpu", 10, Reports.MOMENT.plusSeconds(300));
        assertThat(livesAt(301)).isTrue();
    }

    @Test
    void aClockThatIsSetBackIsNoEnd() {
        livesAt(0);
        reports.committed("cpu", 10, Reports.MOMENT.minusSeconds(86_400));

        assertThat(livesAt(61)).isTrue();
    }

    @Test
    void collectorsThatOnlyFailAreNoSignOfLife() {
        livesAt(0);
        reports.failing("cpu", 10).failing("memory", 30);

        assertThat(livesAt(61)).isFalse();
    }

    @Test
    void oneThatFailsIsNoEnd() {
        livesAt(0);
        reports.failing("cpu", 10).committed("memory", 30, Reports.MOMENT.plusSeconds(30));

        assertThat(livesAt(50)).isTrue();
        assertThat(livesAt(110)).isTrue();
    }

    @Test
    void longIntervalsHaveLongerTime() {
        reports.committed("cpu", 600, Reports.MOMENT).committed("memory", 900, Reports.MOMENT);
        livesAt(0);

        assertThat(livesAt(1_800)).isTrue();
        assertThat(livesAt(1_801)).isFalse();
    }

    @Test
    void aQuickCollectorThatHangsDoesNotShortenTheTimeOfSlowOnes() {
        reports.failing("cpu", 10).committed("memory", 900, Reports.MOMENT);
        livesAt(0);

        assertThat(livesAt(2_700)).isTrue();
    }

    @Test
    void aStoreThatSaysWhatIsWrongIsNoEnd() {
        reports.with("storage", Health.error("disk full", Map.of()));
        livesAt(0);

        assertThat(livesAt(6_000)).isTrue();
    }

    @Test
    void uploadsDoNotMatter() {
        reports.with("uploader", Health.error("no network", Map.of("enabled", true)));
        livesAt(0);
        reports.committed("cpu", 10, Reports.MOMENT.plusSeconds(50));

        assertThat(livesAt(61)).isTrue();
    }

    @Test
    void withNothingToCollectThereIsNothingToMiss() {
        livesAt(0);
        reports.off("cpu").off("memory");

        assertThat(livesAt(6_000)).isTrue();
    }

    private boolean livesAt(long second) {
        return watch.lives(reports.components(), TimeUnit.SECONDS.toNanos(second));
    }
}
