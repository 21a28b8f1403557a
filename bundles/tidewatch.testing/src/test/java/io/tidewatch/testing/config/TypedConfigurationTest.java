package io.tidewatch.testing.config;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

class TypedConfigurationTest {
    @interface Config {
        String url() default "";

        String upload_interval() default "30s";
    }

    @interface Counted {
        int count() default 1;
    }

    @interface WithoutDefault {
        String url();
    }

    @Test
    void answersItsDefaults() {
        Config config = TypedConfiguration.of(Config.class);

        assertThat(config.url()).isEmpty();
        assertThat(config.upload_interval()).isEqualTo("30s");
    }

    @Test
    void answersWhatWasWritten() {
        Config config = TypedConfiguration.of(Config.class, Map.of("upload.interval", "5s"));

        assertThat(config.upload_interval()).isEqualTo("5s");
        assertThat(config.url()).isEmpty();
    }

    @Test
    void keepsWhatWasWritten() {
        Map<String, String> written = new HashMap<>(Map.of("url", "first"));
        Config config = TypedConfiguration.of(Config.class, written);
        written.put("url", "second");

        assertThat(config.url()).isEqualTo("first");
    }

    @Test
    void refusesAKeyThatTheAnnotationDoesNotHave() {
        assertThatThrownBy(() -> TypedConfiguration.of(Config.class, Map.of("upload_interval", "5s")))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("has no key upload_interval");
    }

    @Test
    void refusesMembersThatAreNoTextsWithADefault() {
        assertThatThrownBy(() -> TypedConfiguration.of(Counted.class))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("count() is not a text");
        assertThatThrownBy(() -> TypedConfiguration.of(WithoutDefault.class))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("url() is not a text");
    }

    @Test
    void isAnObject() {
        Config config = TypedConfiguration.of(Config.class, Map.of("url", "here"));
        Config other = TypedConfiguration.of(Config.class, Map.of("url", "here"));

        assertThat(new HashSet<>(List.of(config, other, config))).hasSize(2).contains(config, other);
        assertThat(config.toString()).contains("Config").contains("url=here").contains("upload_interval=30s");
        assertThat(config.annotationType()).isEqualTo(Config.class);
    }
}
