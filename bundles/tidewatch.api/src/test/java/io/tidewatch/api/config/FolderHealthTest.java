package io.tidewatch.api.config;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.tidewatch.api.health.Health;
import io.tidewatch.api.health.Status;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Map;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.Test;

class FolderHealthTest {
    private static final Health FOUND = Health.ok("every file is in force", Map.of("files", 1));

    private final AtomicLong nanoTime = new AtomicLong(Long.MAX_VALUE - 5);
    private final FolderHealth health = new FolderHealth(Path.of("/etc/tidewatch"), () -> FOUND, nanoTime::get);

    @Test
    void aLookThatDoesNotReturnIsNamedUntilItDoes() {
        health.look(() -> {
            pass(Duration.ofSeconds(30));
            assertThat(health.check()).isEqualTo(FOUND);
            pass(Duration.ofSeconds(1));
            assertThat(health.check())
                    .isEqualTo(new Health(
                            Status.DEGRADED,
                            "a look at /etc/tidewatch has not returned for 31 s, and no change there is noticed;"
                                    + " check the disk or network that it is on; every file is in force",
                            FOUND.details()));
        });
        assertThat(health.check()).isEqualTo(FOUND);
    }

    @Test
    void aLookThatFailsIsOver() {
        assertThatThrownBy(() -> health.look(() -> {
                    throw new IllegalStateException("no");
                }))
                .hasMessage("no");
        pass(Duration.ofHours(1));
        assertThat(health.check()).isEqualTo(FOUND);
    }

    private void pass(Duration time) {
        nanoTime.addAndGet(time.toNanos());
    }
}
