package io.tidewatch.systemd;

import static org.assertj.core.api.Assertions.assertThat;

import io.tidewatch.api.health.Status;
import java.io.IOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;

class NotificationsTest {
    private static final Duration WATCHDOG = Duration.ofSeconds(60);

    private final List<String> told = new ArrayList<>();
    private String refusal = "";
    private final Notifications notifications = new Notifications(this::hear, WATCHDOG);

    @Test
    void readyIsSaidOnceWhenAllServe() {
        assertThat(tell(Reports.healthy().without("health"), 0)).isFalse();
        assertThat(tell(Reports.healthy().without("health"), 1)).isFalse();
        assertThat(tell(Reports.healthy(), 2)).isTrue();
        assertThat(tell(Reports.healthy(), 3)).isTrue();

        assertThat(told)
                .containsExactly(
                        "STATUS=Starting, waits for HTTP",
                        "READY=1\nWATCHDOG_USEC=60000000\n"
                                + "STATUS=2 collectors; 12 samples pending; last upload 4 s ago",
                        "WATCHDOG=1");
    }

    @Test
    void signsOfLifeEndWithThePassesAndBeginWithThemAgain() {
        Reports reports = Reports.healthy();
        tell(reports, 0);
        tell(reports, 20);
        told.clear();

        tell(reports, 81);
        assertThat(told).isEmpty();

        tell(reports.committed("cpu", 10, Reports.MOMENT.plusSeconds(90)), 90);
        assertThat(told).containsExactly("WATCHDOG=1");
    }

    @Test
    void withoutAWatchdogThereAreNoSignsOfLife() {
        Notifications quiet = new Notifications(this::hear, null);
        quiet.tell(Reports.healthy().components(), 0);
        quiet.tell(Reports.healthy().components(), TimeUnit.SECONDS.toNanos(20));

        assertThat(told).containsExactly("READY=1\nSTATUS=2 collectors; 12 samples pending; last upload 4 s ago");
        assertThat(quiet.health().details()).doesNotContainKey("watchdog_seconds");
    }

    @Test
    void whatCouldNotBeToldIsToldLater() {
        refusal = "no socket";
        assertThat(tell(Reports.healthy(), 0)).isFalse();
        assertThat(notifications.health().status()).isEqualTo(Status.DEGRADED);
        assertThat(notifications.health().message()).isEqualTo("no socket");

        refusal = "";
        assertThat(tell(Reports.healthy(), 1)).isTrue();
        assertThat(told).singleElement().asString().startsWith("READY=1\n");
        assertThat(notifications.health().status()).isEqualTo(Status.OK);
    }

    @Test
    void aStopOfAllIsToldAndAStopOfThisPartTurnsTheWatchdogOff() {
        notifications.stopping();
        notifications.leaving();

        assertThat(told.get(0)).startsWith("STOPPING=1\n");
        assertThat(told.get(1)).startsWith("WATCHDOG_USEC=0\n").doesNotContain("STOPPING");
    }

    private boolean tell(Reports reports, long second) {
        return notifications.tell(reports.components(), TimeUnit.SECONDS.toNanos(second));
    }

    private void hear(String state) throws IOException {
        if (!refusal.isEmpty()) {
            throw new IOException(refusal);
        }
        told.add(state);
    }
}
