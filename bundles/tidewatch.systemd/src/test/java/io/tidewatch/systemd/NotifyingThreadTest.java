package io.tidewatch.systemd;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import java.time.Duration;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;

class NotifyingThreadTest {
    private final AtomicInteger looks = new AtomicInteger();

    @Test
    void looksThreeTimesPerWatchdogAndAtLeastEveryTwentySeconds() {
        assertThat(NotifyingThread.pause(Duration.ofSeconds(30))).isEqualTo(Duration.ofSeconds(10));
        assertThat(NotifyingThread.pause(Duration.ofMinutes(10))).isEqualTo(Duration.ofSeconds(20));
        assertThat(NotifyingThread.pause(null)).isEqualTo(Duration.ofSeconds(20));
    }

    @Test
    void looksOnAfterAFailure() throws Exception {
        NotifyingThread thread = new NotifyingThread(
                () -> {
                    if (looks.incrementAndGet() == 1) {
                        throw new IllegalStateException("as planned");
                    }
                    return false;
                },
                null);
        thread.start();
        await().untilAtomic(looks, org.hamcrest.Matchers.greaterThan(2));
        thread.end();
    }

    @Test
    void endsInTheMiddleOfALongPause() throws Exception {
        NotifyingThread thread = new NotifyingThread(() -> looks.incrementAndGet() > 0, Duration.ofHours(1));
        thread.start();
        await().untilAtomic(looks, org.hamcrest.Matchers.equalTo(1));
        thread.end();

        assertThat(Thread.getAllStackTraces().keySet())
                .noneMatch(one -> one.getName().equals("tidewatch-systemd"));
    }
}
