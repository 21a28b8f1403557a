package io.tidewatch.command.migrate;

import static org.assertj.core.api.Assertions.assertThat;

import io.tidewatch.api.config.Setting;
import java.time.Duration;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.LongRange;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class GoDurationTest {
    @ParameterizedTest
    @CsvSource({
        "30s, PT30S, 30s",
        "60m, PT1H, 60m",
        "1h30m, PT1H30M, 90m",
        "1.5m, PT1M30S, 90s",
        ".5s, PT0.5S, 500ms",
        "1.s, PT1S, 1s",
        "+2h, PT2H, 2h",
        "36h, PT36H, 36h",
        "1500us, PT0.0015S, 2ms",
        "1µs, PT0.000001S, 1ms",
        "1h0.001s, PT1H0.001S, 3600001ms"
    })
    void becomesOneOfOurs(String text, Duration meaning, String ours) {
        assertThat(GoDuration.parse(text)).contains(meaning);
        assertThat(GoDuration.asSetting(text, meaning)).isEqualTo(ours);
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "30", "s", "1d", "5 m", "1h-5m", "one", ".s", "1e3s", "99999999999999999999h"})
    void isNone(String text) {
        assertThat(GoDuration.parse(text)).isEmpty();
    }

    @Test
    void maySayNothingOrLess() {
        assertThat(GoDuration.parse("0")).contains(Duration.ZERO);
        assertThat(GoDuration.parse("-5s")).contains(Duration.ofSeconds(-5));
    }

    @Property
    void whateverIsWrittenCanBeRead(@ForAll @LongRange(min = 1, max = 900_000_000) long millis) {
        Duration duration = Duration.ofMillis(millis);

        assertThat(Setting.duration("key", GoDuration.asSetting("", duration))).isEqualTo(duration);
    }
}
