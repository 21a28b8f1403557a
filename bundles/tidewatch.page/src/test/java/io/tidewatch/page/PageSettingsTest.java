package io.tidewatch.page;

import static org.assertj.core.api.Assertions.assertThat;

import io.tidewatch.api.config.WrittenSettings;
import io.tidewatch.api.health.Status;
import java.util.Map;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class PageSettingsTest {
    private static PageSettings.Config config(String key, String value) {
        return new WrittenSettings(Map.of(key, value)).as(PageSettings.Config.class);
    }

    @Test
    void loopbackAloneIsOpenByDefault() {
        PageSettings settings = new PageSettings(new WrittenSettings(Map.of()).as(PageSettings.Config.class));
        assertThat(settings.rules().open()).isFalse();
        assertThat(settings.rules().passwordFile()).isEmpty();
        assertThat(settings.check().message()).isEqualTo("open through loopback only");
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "page.public|yes|true or false",
                "password.file|secret/password|the absolute path of a file",
                "hosts|http://rig.example.org|host names without scheme and port",
                "hosts|rig.example.org:9100|host names without scheme and port",
                "hosts|a, b c|host names without scheme and port"
            })
    void aMistakeKeepsWhatWasInForceUntilItIsFixed(String key, String value, String accepted) {
        PageSettings settings = new PageSettings(config("hosts", "Rig.example.org, other"));
        settings.modified(config(key, value));
        assertThat(settings.rules().hosts()).isEqualTo(Set.of("rig.example.org", "other"));
        assertThat(settings.check().status()).isEqualTo(Status.DEGRADED);
        assertThat(settings.check().message()).contains("fix tidewatch.page.cfg: invalid " + key, accepted);

        settings.modified(config("hosts", ""));
        assertThat(settings.rules().hosts()).isEmpty();
        assertThat(settings.check().status()).isEqualTo(Status.OK);
    }
}
