package io.tidewatch.uploader.victoriametrics;

import static org.assertj.core.api.Assertions.assertThat;

import io.tidewatch.api.health.Health;
import io.tidewatch.api.health.Status;
import io.tidewatch.uploader.victoriametrics.http.ImportClient;
import io.tidewatch.uploader.victoriametrics.settings.UploaderConfig;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

final class HealthRemarksTest {
    private static final Health FINE = Health.ok("uploads work", Map.of("uploaded_total", 1L));

    @Test
    void whatIsNotInForceDegrades() {
        try (ImportClient client = new ImportClient("1")) {
            Health health = HealthRemarks.on(FINE, List.of("invalid timeout"), client);

            assertThat(health.status()).isEqualTo(Status.DEGRADED);
            assertThat(health.message())
                    .startsWith("fix " + UploaderConfig.PID + ".cfg: ")
                    .contains("timeout", "uploads work");
        }
    }
}
