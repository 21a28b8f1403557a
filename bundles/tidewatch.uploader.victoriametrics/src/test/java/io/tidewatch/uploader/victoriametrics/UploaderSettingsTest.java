package io.tidewatch.uploader.victoriametrics;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.tidewatch.api.config.InvalidSettingException;
import java.io.IOException;
import java.lang.reflect.Method;
import java.lang.reflect.Proxy;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Map;
import java.util.TreeMap;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class UploaderSettingsTest {
    @Test
    void theDefaultsStoreOnly() {
        UploaderSettings settings = UploaderSettings.of(config(Map.of()));

        assertThat(settings.uploads()).isFalse();
        assertThat(settings.interval()).isEqualTo(Duration.ofSeconds(30));
        assertThat(settings.freshness()).isEqualTo(Duration.ofMinutes(1));
        assertThat(settings.retry())
                .isEqualTo(new Backoff.Settings(3, Duration.ofSeconds(5), Duration.ofSeconds(60), 3, 20));
    }

    @Test
    void readsWhatIsGiven() {
        UploaderSettings settings = UploaderSettings.of(config(Map.of(
                "url",
                        " https://me:pass%20word@metrics.example.org/insert/0:1/prometheus/api/v1/import?extra_label=a=b",
                "headers", "X-Scope: 7, X-Other:",
                "token.file", "/etc/tidewatch/token",
                "retry.enabled", "false",
                "retry.jitter.percent", "0")));

        assertThat(settings.url())
                .contains(
                        URI.create("https://metrics.example.org/insert/0:1/prometheus/api/v1/import?extra_label=a=b"));
        assertThat(settings.userInfo()).contains("me:pass word");
        assertThat(settings.headers()).containsExactlyInAnyOrderEntriesOf(Map.of("X-Scope", "7", "X-Other", ""));
        assertThat(settings.tokenFile()).contains(Path.of("/etc/tidewatch/token"));
        assertThat(settings.retry().maxAttempts()).isEqualTo(1);
        assertThat(settings.retry().jitterPercent()).isZero();
        assertThat(settings.toString()).contains("metrics.example.org").doesNotContain("pass");
    }

    @Test
    void isTurnedOffWithAUrl() {
        assertThat(UploaderSettings.of(config(Map.of("url", "http://a/b", "enabled", "false")))
                        .uploads())
                .isFalse();
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "url | metrics.example.org | an http or https URL",
                "url | ftp://metrics.example.org/ | an http or https URL",
                "url | http:///path | an http or https URL",
                "url | http://a b/ | an http or https URL",
                "enabled | perhaps | true or false",
                "upload.interval | 0s | a duration above zero",
                "timeout | fast | a duration",
                "batch.size | 0 | a whole number from 1",
                "chunk.size | many | a whole number from 1",
                "line.values | -5 | a whole number from 1",
                "headers | no colon | Name: value",
                "retry.max.attempts | 0 | a whole number from 1",
                "retry.jitter.percent | 101 | a whole number from 0 to 100",
            })
    void namesKeyValueAndWhatIsAccepted(String key, String value, String accepted) {
        assertThatThrownBy(() -> UploaderSettings.of(config(Map.of(key, value))))
                .isInstanceOf(InvalidSettingException.class)
                .hasMessageStartingWith(key + "=")
                .hasMessageContaining(accepted);
    }

    @Test
    void hidesTheCredentialsOfAUrlThatIsWrong() {
        assertThatThrownBy(() -> UploaderSettings.of(config(Map.of("url", "htp://me:s3cret@host/"))))
                .hasMessageContaining("***@host")
                .hasMessageNotContaining("s3cret");
    }

    @Test
    void theSampleFileListsEveryKeyWithItsDefault() throws IOException {
        Map<String, String> keys = new TreeMap<>();
        for (Method method : Uploader.Config.class.getDeclaredMethods()) {
            keys.put(method.getName().replace('_', '.'), String.valueOf(method.getDefaultValue()));
        }
        Map<String, String> listed = new TreeMap<>();
        for (String line : Files.readAllLines(Path.of("../../config/tidewatch.uploader.victoriametrics.cfg"))) {
            if (line.matches("#[a-z.]+ =.*")) {
                String[] pair = line.substring(1).split(" =", 2);
                listed.put(pair[0], pair[1].strip());
            }
        }
        assertThat(listed).isEqualTo(keys);
    }

    /** A configuration as Declarative Services makes it: the given values, else the defaults. */
    private static Uploader.Config config(Map<String, String> values) {
        return (Uploader.Config) Proxy.newProxyInstance(
                Uploader.Config.class.getClassLoader(),
                new Class<?>[] {Uploader.Config.class},
                (proxy, method, args) ->
                        values.getOrDefault(method.getName().replace('_', '.'), (String) method.getDefaultValue()));
    }
}
