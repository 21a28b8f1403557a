package io.tidewatch.uploader.victoriametrics.settings;

import static org.assertj.core.api.Assertions.assertThat;

import io.tidewatch.api.config.InvalidSettingException;
import io.tidewatch.api.config.SettingReader;
import io.tidewatch.testing.config.TypedConfiguration;
import io.tidewatch.uploader.victoriametrics.http.ServerPage;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Base64;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

final class UploaderSettingsTest {
    private final List<InvalidSettingException> problems = new ArrayList<>();

    @Test
    void withoutAFileTheDefaultsHold() {
        assertThat(read(Map.of())).isEqualTo(UploaderSettings.DEFAULT);
        assertThat(problems).isEmpty();
        assertThat(UploaderSettings.DEFAULT.delivering()).isFalse();
    }

    @Test
    void readsWhatIsWritten() {
        UploaderSettings settings = read(Map.of(
                "url", " https://vm.example:8443/insert/0:1/prometheus/api/v1/import?x=%20y ",
                "upload.interval", "1m",
                "token.file", "/etc/tidewatch/token",
                "headers", "X-Scope=studio, X-Key=a=b",
                "retry.enabled", "false",
                "retry.jitter.percent", "0"));

        assertThat(problems).isEmpty();
        assertThat(settings.endpoint().orElseThrow().url())
                .isEqualTo(URI.create("https://vm.example:8443/insert/0:1/prometheus/api/v1/import?x=%20y"));
        assertThat(settings.uploadInterval()).isEqualTo(Duration.ofMinutes(1));
        assertThat(settings.tokenFile()).contains(Path.of("/etc/tidewatch/token"));
        assertThat(settings.headers())
                .containsExactly(new RequestHeader("X-Scope", "studio"), new RequestHeader("X-Key", "a=b"));
        assertThat(settings.retry().attempts()).isEqualTo(1);
        assertThat(settings.retry().jitterPercent()).isZero();
    }

    @Test
    void userInfoBecomesAHeaderAndIsShownNowhere() {
        Endpoint endpoint = read(Map.of("url", "http://rig:p%40ss@[::1]:8428/api/v1/import"))
                .endpoint()
                .orElseThrow();

        assertThat(endpoint.url()).isEqualTo(URI.create("http://[::1]:8428/api/v1/import"));
        assertThat(endpoint.basicAuthorization())
                .isEqualTo(Optional.of(
                        "Basic " + Base64.getEncoder().encodeToString("rig:p@ss".getBytes(StandardCharsets.UTF_8))));
        assertThat(endpoint.toString()).doesNotContain("ss@");
    }

    @ParameterizedTest
    @CsvSource({
        "enabled, yes",
        "url, ftp://host/x",
        "url, host:8428",
        "url, /api/v1/import",
        "url, 'http://secret:pw@/x'",
        "url, 'http://us er:secret@host/'",
        "url, 'ftp://secret@host/'",
        "url, 'https://u:secret@squid_1:8443/x'",
        "url, 'secret:x@host:8428/api'",
        "url, http://host:8428/api/v1/import/prometheus",
        "url, http://host:8428/api/v1/import/csv?format=1:metric:a",
        "url, http://host:8428/api/v1/write",
        "url, http://secret:pw@host:8428/insert/0/influx/api/v2/write",
        "upload.interval, 0s",
        "upload.interval, 30",
        "upload.interval, 50ms",
        "upload.interval, 2d",
        "timeout, 0s",
        "timeout, forever",
        "batch.size, 0",
        "chunk.size, 0",
        "chunk.size, 1001",
        "line.values, many",
        "headers, X-Key secret",
        "headers, 'X-Key=secret\r\nX: y'",
        "headers, Authorization=secret",
        "headers, Host=secret",
        "retry.enabled, 1",
        "retry.max.attempts, 0",
        "retry.initial.backoff, 0s",
        "retry.max.backoff, 25h",
        "retry.backoff.multiplier, 0",
        "retry.jitter.percent, 101",
        "retry.jitter.percent, -1"
    })
    void aWrongValueIsNamedAndTheDefaultStandsIn(String key, String value) {
        assertThat(read(Map.of(key, value))).isEqualTo(UploaderSettings.DEFAULT);
        assertThat(problems).singleElement().satisfies(problem -> {
            assertThat(problem.key()).isEqualTo(key);
            assertThat(problem.getMessage()).contains(key, "expected ").doesNotContain("secret");
        });
    }

    @ParameterizedTest
    @CsvSource({
        "http://victoria_metrics:8428/api/v1/import, victoria_metrics, victoria_metrics:8428",
        "http://vm.4g/api/v1/import, vm.4g, vm.4g",
        "http://rig:pass@squid_1:8443/x?y=1, squid_1, squid_1:8443",
        "http://m\u00fcnchen.example/x, xn--mnchen-3ya.example, xn--mnchen-3ya.example",
        "http://[::1]:8428/x, [::1], [::1]:8428",
        "http://10.0.0.1/x, 10.0.0.1, 10.0.0.1"
    })
    void takesHostsThatTheJdkDislikes(String url, String host, String server) {
        Endpoint endpoint = read(Map.of("url", url)).endpoint().orElseThrow();

        assertThat(endpoint.host()).isEqualTo(host);
        assertThat(endpoint.server()).isEqualTo(server);
        assertThat(endpoint.basicAuthorization().isPresent()).isEqualTo(url.contains("@"));
        assertThat(endpoint.toString()).doesNotContain("pass");
        assertThat(ServerPage.url(endpoint).toString())
                .isEqualTo(url.replaceFirst(":.*", "") + "://" + server + "/metrics");
        HttpProxy proxy = read(Map.of("url", url, "proxy", "http://u:p@squid_1:3128"))
                .proxy()
                .orElseThrow();
        assertThat(proxy.host()).isEqualTo("squid_1");
        assertThat(proxy.toString()).doesNotContain("u:p");
    }

    @ParameterizedTest
    @CsvSource({
        "http://vm:8428/x, /run/t, true",
        "http://u:p@vm:8428/x, '', true",
        "http://vm:8428/x, '', false",
        "https://vm:8428/x, /run/t, false",
        "http://localhost:8428/x, /run/t, false",
        "http://127.0.0.1:8428/x, /run/t, false",
        "http://[::1]:8428/x, /run/t, false",
        "http://[fe80::1]:8428/x, /run/t, true"
    })
    void knowsSecretsThatGoInTheClear(String url, String token, boolean clear) {
        assertThat(read(Map.of("url", url, "token.file", token)).sendsSecretsInTheClear())
                .isEqualTo(clear);
    }

    private UploaderSettings read(Map<String, String> keys) {
        return UploaderSettings.read(TypedConfiguration.of(UploaderConfig.class, keys), new SettingReader(problems));
    }
}
