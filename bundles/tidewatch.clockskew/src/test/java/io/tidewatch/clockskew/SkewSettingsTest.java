package io.tidewatch.clockskew;

import static org.assertj.core.api.Assertions.assertThat;

import io.tidewatch.api.config.InvalidSettingException;
import io.tidewatch.api.config.SettingReader;
import io.tidewatch.testing.config.TypedConfiguration;
import java.net.URI;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class SkewSettingsTest {
    private final List<InvalidSettingException> problems = new ArrayList<>();

    @Test
    void hasDefaults() {
        assertThat(SkewSettings.read(TypedConfiguration.of(ClockSkew.Config.class), new SettingReader(problems)))
                .isEqualTo(SkewSettings.DEFAULT);
        assertThat(problems).isEmpty();
    }

    @Test
    void readsEveryKey() {
        Map<String, String> values = Map.of(
                "enabled", "false", "url", "https://t.example/x", "check.interval", "1h", "warn.threshold", "500ms");

        assertThat(SkewSettings.read(
                        TypedConfiguration.of(ClockSkew.Config.class, values), new SettingReader(problems)))
                .isEqualTo(new SkewSettings(
                        false,
                        Optional.of(URI.create("https://t.example/x")),
                        Duration.ofHours(1),
                        Duration.ofMillis(500)));
        assertThat(problems).isEmpty();
    }

    @ParameterizedTest
    @CsvSource({
        "enabled, maybe",
        "url, time.example",
        "url, ftp://time.example/",
        "url, http:///health",
        "url, http://a b/",
        "url, https://a_b/health",
        "check.interval, 0s",
        "check.interval, 999ms",
        "check.interval, often",
        "warn.threshold, 0s",
        "warn.threshold, -1s"
    })
    void namesWhatIsWrongAndTakesTheDefault(String key, String value) {
        assertThat(SkewSettings.read(
                        TypedConfiguration.of(ClockSkew.Config.class, Map.of(key, value)), new SettingReader(problems)))
                .isEqualTo(SkewSettings.DEFAULT);
        assertThat(problems).hasSize(1);
        assertThat(problems.get(0)).hasMessageStartingWith("invalid " + key + " \"" + value + "\" (expected ");
    }

    @Test
    void doesNotRepeatAPassword() {
        SkewSettings.read(
                TypedConfiguration.of(ClockSkew.Config.class, Map.of("url", "https://user:s3cret@t.example/x")),
                new SettingReader(problems));

        assertThat(problems).hasSize(1);
        assertThat(problems.get(0)).hasMessageContaining("t.example").hasMessageNotContaining("s3cret");
        assertThat(problems.get(0).value()).doesNotContain("s3cret");
    }

    /** Case C10. */
    @ParameterizedTest
    @CsvSource({
        "http://server.1st:8428/health, http://server.1st:8428/health",
        "http://victoria_metrics/health?a=%20, http://victoria_metrics/health?a=%20",
        "http://münchen.example/, http://xn--mnchen-3ya.example/",
        "https://[::1]:8428/health, https://[::1]:8428/health"
    })
    void takesHostsThatTheJdkDislikes(String written, String read) {
        assertThat(SkewSettings.read(
                                TypedConfiguration.of(ClockSkew.Config.class, Map.of("url", written)),
                                new SettingReader(problems))
                        .url())
                .contains(URI.create(read));
        assertThat(problems).isEmpty();
    }

    @ParameterizedTest
    @CsvSource({
        "http://a/x, http://A:80/y, true",
        "HTTPS://a, https://a:443/, true",
        "http://a, https://a, false",
        "http://a:80, http://a:81, false",
        "http://a, http://b, false",
        "http://a, http://a.b, false",
        "http://a_b:8428/x, http://A_B:8428/y, true",
        "http://a_b, http://c_d, false",
        "http://vm.4g:1, http://vm.4g:2, false"
    })
    void knowsTheSameServer(String one, String other, boolean same) {
        assertThat(ServerDate.isSameOrigin(URI.create(one), URI.create(other))).isEqualTo(same);
    }
}
