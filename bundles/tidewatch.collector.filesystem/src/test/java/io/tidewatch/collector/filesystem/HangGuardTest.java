package io.tidewatch.collector.filesystem;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import java.time.Duration;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

class HangGuardTest {
    private static final Duration PATIENCE = Duration.ofSeconds(30);

    private final HangGuard guard = new HangGuard("test-hang-guard", Duration.ofMillis(20));

    @AfterEach
    void close() throws InterruptedException {
        guard.close();
    }

    @Test
    void itsThreadEndsWhenNothingIsAskedAndAnotherTakesTheNextQuestion() throws Exception {
        Thread first = guard.ask("a", Thread::currentThread, PATIENCE);
        await().until(() -> !first.isAlive());

        Thread second = guard.ask("a", Thread::currentThread, PATIENCE);
        assertThat(second).isNotSameAs(first);
        assertThat(guard.hungThreads()).isZero();
    }
}
