package io.tidewatch.testing.config;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.Map;
import org.junit.jupiter.api.Test;

class ConfigurationsTest {
    @interface Config {
        String max_age() default "5m";

        String path() default "";
    }

    @Test
    void hasTheValuesThatAreSetAndDefaultsElsewhere() {
        Config config = Configurations.of(Config.class, Map.of("max.age", "1h"));

        assertThat(config.max_age()).isEqualTo("1h");
        assertThat(config.path()).isEmpty();
    }

    @Test
    void refusesAKeyThatIsNotThere() {
        assertThatThrownBy(() -> Configurations.of(Config.class, Map.of("max_age", "1h")))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("[max_age]");
    }
}
