package io.tidewatch.health;

import static org.assertj.core.api.Assertions.assertThat;

import io.tidewatch.api.health.Health;
import io.tidewatch.api.health.HealthCheck;
import io.tidewatch.api.health.Status;
import java.util.Map;
import org.junit.jupiter.api.Test;

class HealthChecksTest {
    private final HealthChecks checks = new HealthChecks();

    @Test
    void asksEachByItsName() {
        HealthCheck one = () -> Health.ok("one", Map.of());
        checks.add("b", one);
        checks.add("a", () -> Health.degraded("two", Map.of()));
        assertThat(checks.ask().keySet()).containsExactly("a", "b");
        assertThat(checks.ask().get("b")).isEqualTo(Health.ok("one", Map.of()));

        checks.remove(one);
        assertThat(checks.ask()).containsOnlyKeys("a");
    }

    @Test
    void aCheckThatThrowsIsItsOwnError() {
        checks.add("fine", () -> Health.ok("fine", Map.of()));
        checks.add("exception", () -> {
            throw new IllegalStateException("stopped");
        });
        checks.add("error", () -> {
            throw new NoClassDefFoundError("org/example/Gone");
        });
        checks.add("null", () -> null);

        Map<String, Health> answers = checks.ask();

        assertThat(answers.get("fine").status()).isEqualTo(Status.OK);
        assertThat(answers.get("exception").status()).isEqualTo(Status.ERROR);
        assertThat(answers.get("exception").message())
                .isEqualTo("its health check failed: java.lang.IllegalStateException: stopped");
        assertThat(answers.get("error").status()).isEqualTo(Status.ERROR);
        assertThat(answers.get("error").details()).containsEntry("error_type", "java.lang.NoClassDefFoundError");
        assertThat(answers.get("null").status()).isEqualTo(Status.ERROR);
    }

    @Test
    void ofTwoWithOneNameTheWorseCounts() {
        checks.add("a", () -> Health.ok("one", Map.of()));
        checks.add("a", () -> Health.error("two", Map.of()));
        checks.add("a", () -> Health.degraded("three", Map.of()));

        assertThat(checks.ask().get("a").message()).isEqualTo("two");
    }
}
