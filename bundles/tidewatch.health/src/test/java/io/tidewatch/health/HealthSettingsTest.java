package io.tidewatch.health;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.tidewatch.api.health.Status;
import io.tidewatch.testing.config.TypedConfiguration;
import java.time.Duration;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

class HealthSettingsTest {
    private final FakeConfigurations configurations = new FakeConfigurations();
    private final HttpServer server = new HttpServer(
            new JettyConfiguration(configurations.admin()), Duration.ofSeconds(30), Duration.ofSeconds(30));

    @AfterEach
    void close() throws InterruptedException {
        server.close();
    }

    @Test
    void runsOnDefaults() {
        HealthSettings settings = settings(Map.of());

        assertThat(settings.rules()).isEqualTo(HealthRules.DEFAULT);
        assertThat(settings.check().status()).isEqualTo(Status.OK);
        assertThat(settings.check().details()).containsEntry("address", "127.0.0.1:9100");
    }

    @Test
    void takesWhatIsConfigured() {
        HealthSettings settings = settings(Map.of(
                "address", "127.0.0.1:0",
                "degraded.pending", "7",
                "degraded.upload.age", "90s",
                "error.pending", "8",
                "error.upload.age", "1h"));

        assertThat(settings.rules())
                .isEqualTo(new HealthRules(7, Optional.of(Duration.ofSeconds(90)), 8, Duration.ofHours(1)));
        await().until(() -> !configurations.updates().isEmpty());
        assertThat(configurations.updates().get(0)).containsEntry("org.osgi.service.http.port", "0");
    }

    @Test
    void aWrongValueAtTheStartGivesItsDefaultAndIsShown() {
        HealthSettings settings = settings(Map.of("address", "here", "degraded.pending", "7"));

        assertThat(settings.rules().degradedPending()).isEqualTo(7);
        assertThat(settings.check().status()).isEqualTo(Status.DEGRADED);
        assertThat(settings.check().message()).startsWith("fix tidewatch.health.cfg: invalid address \"here\" ");
        assertThat(settings.check().details()).containsEntry("address", "127.0.0.1:9100");
    }

    @Test
    void aWrongValueLaterKeepsAllOfTheConfigurationBefore() {
        HealthSettings settings = settings(Map.of("address", "127.0.0.1:0", "degraded.pending", "7"));

        settings.modified(TypedConfiguration.of(
                HealthSettings.Config.class,
                Map.of("address", "[::1]:0", "degraded.pending", "0", "error.upload.age", "x")));
        assertThat(settings.rules().degradedPending()).isEqualTo(7);
        assertThat(settings.check().details()).containsEntry("address", "127.0.0.1:0");
        assertThat(settings.check().message())
                .contains("invalid degraded.pending \"0\"")
                .contains("invalid error.upload.age \"x\"");

        settings.modified(TypedConfiguration.of(
                HealthSettings.Config.class, Map.of("address", "[::1]:0", "degraded.pending", "9")));
        assertThat(settings.rules().degradedPending()).isEqualTo(9);
        assertThat(settings.check().details()).containsEntry("address", "[::1]:0");
        assertThat(settings.check().status()).isEqualTo(Status.OK);
    }

    private HealthSettings settings(Map<String, String> values) {
        return new HealthSettings(TypedConfiguration.of(HealthSettings.Config.class, values), server);
    }
}
