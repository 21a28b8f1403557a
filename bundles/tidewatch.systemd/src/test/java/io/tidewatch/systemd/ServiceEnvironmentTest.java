package io.tidewatch.systemd;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.time.Duration;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class ServiceEnvironmentTest {
    @Test
    void aProcessWithoutASocketIsNoService() {
        assertThat(ServiceEnvironment.isService(Map.of())).isFalse();
        assertThat(ServiceEnvironment.isService(Map.of("NOTIFY_SOCKET", " "))).isFalse();
        assertThat(ServiceEnvironment.isService(Map.of("NOTIFY_SOCKET", "/run/n")))
                .isTrue();
    }

    @Test
    void theWatchdogIsInMicroseconds() {
        ServiceEnvironment environment = ServiceEnvironment.read(
                Map.of("NOTIFY_SOCKET", "/run/n", "WATCHDOG_USEC", "60000000", "WATCHDOG_PID", "7"), 7);

        assertThat(environment.socket().address()).isEqualTo("/run/n");
        assertThat(environment.watchdog()).isEqualTo(Duration.ofSeconds(60));
    }

    @Test
    void theWatchdogOfAnotherProcessIsNoneOfOurs() {
        Map<String, String> environment =
                Map.of("NOTIFY_SOCKET", "/run/n", "WATCHDOG_USEC", "60000000", "WATCHDOG_PID", "8");

        assertThat(ServiceEnvironment.read(environment, 7).watchdog()).isNull();
        assertThat(ServiceEnvironment.read(environment, 8).watchdog()).isNotNull();
    }

    @Test
    void withoutATimeThereIsNoWatchdog() {
        assertThat(ServiceEnvironment.read(Map.of("NOTIFY_SOCKET", "/run/n"), 7).watchdog())
                .isNull();
    }

    @ParameterizedTest
    @ValueSource(strings = {"soon", "0", "-5", "99999999999999999999", "9223372036854775807"})
    void aTimeThatMakesNoSenseIsNamed(String micros) {
        assertThatThrownBy(() -> ServiceEnvironment.read(Map.of("NOTIFY_SOCKET", "/run/n", "WATCHDOG_USEC", micros), 7))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("WATCHDOG_USEC is '" + micros + "'");
    }
}
