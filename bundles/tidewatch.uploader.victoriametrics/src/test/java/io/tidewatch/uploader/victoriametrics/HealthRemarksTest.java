package io.tidewatch.uploader.victoriametrics;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.tidewatch.api.config.InvalidSettingException;
import io.tidewatch.api.health.Health;
import io.tidewatch.api.health.Status;
import io.tidewatch.testing.config.TypedConfiguration;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

final class HealthRemarksTest {
    private static final Health FINE = Health.ok("uploads work", Map.of("uploaded_total", 1L));

    @Test
    void aSecretThatEverybodyMayReadIsNamedAndDegradesNothing(@TempDir Path folder) throws IOException {
        Path token = Files.writeString(folder.resolve("token"), "s3cret");
        Files.setPosixFilePermissions(token, PosixFilePermissions.fromString("rw-r--r--"));
        UploaderSettings settings = UploaderSettings.read(
                TypedConfiguration.of(
                        Uploader.Config.class, Map.of("url", "http://127.0.0.1:1/", "token.file", token.toString())),
                new ArrayList<>());
        try (ImportClient client = new ImportClient("1")) {
            assertThat(HealthRemarks.on(FINE, List.of(), client)).isEqualTo(FINE);

            // Nobody listens there.
            assertThatThrownBy(() ->
                            client.post(settings, settings.endpoint().orElseThrow(), Optional.empty(), new byte[1], 1))
                    .isInstanceOf(IOException.class);

            Health health = HealthRemarks.on(FINE, List.of(), client);
            assertThat(health.status()).isEqualTo(Status.OK);
            assertThat(health.details()).containsEntry("uploaded_total", 1L);
            assertThat(String.valueOf(health.details().get("warning")))
                    .contains("token.file " + token)
                    .doesNotContain("s3cret");
        }
    }

    @Test
    void whatIsNotInForceDegrades() {
        try (ImportClient client = new ImportClient("1")) {
            Health health = HealthRemarks.on(
                    FINE, List.of(new InvalidSettingException("timeout", "never", "a duration")), client);

            assertThat(health.status()).isEqualTo(Status.DEGRADED);
            assertThat(health.message())
                    .startsWith("mend " + Uploader.PID + ".cfg: ")
                    .contains("timeout", "uploads work");
        }
    }
}
