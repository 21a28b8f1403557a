package io.tidewatch.store.sqlite;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.tidewatch.store.sqlite.db.StoreTimer;
import java.time.Duration;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;

class StoreTimerTest {
    @Test
    void aTaskThatThrowsAnErrorRunsAgainAndIsCounted() {
        AtomicInteger runs = new AtomicInteger();
        try (StoreTimer timer = new StoreTimer(StoreTimer.thread("test"))) {
            assertThat(timer.every(Duration.ofMillis(1), () -> {
                        if (runs.incrementAndGet() < 3) {
                            throw new OutOfMemoryError("made by a test");
                        }
                    }))
                    .isNotNull();
            await().until(() -> runs.get() > 5);
            assertThat(timer.failures()).isEqualTo(2);
        }
    }
}
