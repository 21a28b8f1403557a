package io.tidewatch.api.config;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

class WrittenSettingsTest {
    @interface Config {
        String upload_interval() default "30s";

        String max__size() default "1MiB";

        String _token();
    }

    @interface Typed {
        int count() default 1;
    }

    private static final class IntervalCheck extends SettingsCheck<Config> {
        private IntervalCheck() {
            super("test", Config.class, (config, reader) -> {
                reader.read("upload.interval", config.upload_interval(), Setting::duration, null);
                reader.read("max_size", config.max__size(), Setting::size, 0L);
            });
        }
    }

    @Test
    void keysBecomeMethodsAsInDeclarativeServices() {
        Config config = new WrittenSettings(
                        Map.of("upload.interval", "5s", "max_size", "2MiB", ".token", "t", "upload_interval", "no"))
                .as(Config.class);
        assertThat(config.upload_interval()).isEqualTo("5s");
        assertThat(config.max__size()).isEqualTo("2MiB");
        assertThat(config._token()).isEqualTo("t");
    }

    @Test
    void whatIsNotWrittenHasItsDefault() {
        Config config = new WrittenSettings(Map.of()).as(Config.class);
        assertThat(config.upload_interval()).isEqualTo("30s");
        assertThat(config._token()).isNull();
    }

    @Test
    void onlyTextsCanBeWritten() {
        assertThatThrownBy(() -> new WrittenSettings(Map.of()).as(Typed.class))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("count");
    }

    @Test
    void aCheckTellsEveryProblemInTheOrderOfReading() {
        ConfigurationCheck check = new IntervalCheck();
        List<InvalidSettingException> problems = check.problems(Map.of("max_size", "big", "upload.interval", "often"));
        assertThat(problems).extracting(InvalidSettingException::key).containsExactly("upload.interval", "max_size");
        assertThat(check.problems(Map.of("upload.interval", "1s"))).isEmpty();
        assertThat(check.keys()).isEmpty();
        assertThat(check.concerns("test")).isTrue();
        assertThat(check.concerns("test.more")).isFalse();
    }
}
