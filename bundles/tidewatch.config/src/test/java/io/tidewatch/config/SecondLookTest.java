package io.tidewatch.config;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import java.time.Duration;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;

class SecondLookTest {
    private final AtomicInteger looks = new AtomicInteger();

    @Test
    void looksUntilThereIsNothingToLookForAndHasNoThreadThen() {
        try (SecondLook look = new SecondLook(Duration.ofMillis(1), () -> looks.incrementAndGet() < 3)) {
            assertThat(isRunning()).isFalse();
            look.need();
            await().until(() -> !isRunning());
            assertThat(looks.get()).isEqualTo(3);
            look.need();
            await().until(() -> !isRunning());
            assertThat(looks.get()).isEqualTo(4);
        }
    }

    @Test
    void endsWhenClosed() {
        SecondLook look = new SecondLook(Duration.ofHours(1), () -> true);
        look.need();
        assertThat(isRunning()).isTrue();
        look.close();
        assertThat(isRunning()).isFalse();
        look.need();
        assertThat(isRunning()).isFalse();
        assertThat(looks.get()).isZero();
    }

    private static boolean isRunning() {
        return Thread.getAllStackTraces().keySet().stream()
                .anyMatch(thread -> thread.isAlive() && thread.getName().equals("tidewatch-config"));
    }
}
