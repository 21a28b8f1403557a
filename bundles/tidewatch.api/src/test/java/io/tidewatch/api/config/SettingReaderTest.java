package io.tidewatch.api.config;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

class SettingReaderTest {
    @Test
    void collectsWhatIsWrongAndGoesOnWithTheFallback() {
        List<InvalidSettingException> problems = new ArrayList<>();
        SettingReader reader = new SettingReader(problems);

        assertThat(reader.read("a", "5s", Setting::duration, Duration.ofHours(1)))
                .isEqualTo(Duration.ofSeconds(5));
        assertThat(reader.read("b", "often", Setting::duration, Duration.ofHours(1)))
                .isEqualTo(Duration.ofHours(1));
        assertThat(reader.read("c", "perhaps", Setting::bool, true)).isTrue();
        assertThat(problems).extracting(InvalidSettingException::key).containsExactly("b", "c");
    }
}
