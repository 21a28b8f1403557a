package io.tidewatch.clockskew;

import static org.awaitility.Awaitility.await;

import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class ComparisonLoopTest {
    private static final Instant NOW = Instant.parse("2026-03-01T12:00:00Z");

    @TempDir
    private Path folder;

    @Test
    void goesOnAfterAComparisonThatFailedInAnyWay() throws Exception {
        DeviceClock clock = new DeviceClock(
                new Machine(folder, NOW).source(),
                new StepCheck(Instant.EPOCH),
                new StoreGate(() -> null),
                () -> false,
                () -> {});
        AtomicInteger comparisons = new AtomicInteger();
        ComparisonLoop loop = new ComparisonLoop(clock, () -> Duration.ofHours(1), () -> {
            switch (comparisons.incrementAndGet()) {
                case 1 -> throw new IllegalStateException("the bundle of the server is gone");
                case 2 -> throw new OutOfMemoryError("Java heap space");
                default -> {}
            }
        });
        loop.start();
        try {
            for (int i = 1; i <= 4; i++) {
                int expected = i;
                await().until(() -> comparisons.get() == expected);
                loop.compareNow();
            }
        } finally {
            loop.close();
            loop.join(Duration.ofSeconds(30));
            clock.close();
        }
    }
}
