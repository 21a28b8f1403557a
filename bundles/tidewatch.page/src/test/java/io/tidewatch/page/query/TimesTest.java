package io.tidewatch.page.query;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class TimesTest {
    @ParameterizedTest
    @CsvSource({
        "0, 0",
        "1764468913, 1764468913000",
        "1764468913.5, 1764468913500",
        "1764468913.0009, 1764468913000",
        "1970-01-01T00:00:01Z, 1000",
        "1970-01-01T01:00:01.250+01:00, 1250"
    })
    void readsTimes(String text, long millis) throws BadQueryException {
        assertThat(Times.time("start", text)).isEqualTo(millis);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {"", "now", "-1", "1e9", "NaN", "99999999999999", "9999999999999", "3001-01-01T00:00:00Z", "1.2.3"
            })
    void namesWhatIsNoTime(String text) {
        assertThatThrownBy(() -> Times.time("start", text))
                .isInstanceOf(BadQueryException.class)
                .hasMessageStartingWith("start is '" + text + "'; expected Unix seconds");
    }

    @ParameterizedTest
    @CsvSource({
        "15, 15000",
        "0.5, 500",
        "15s, 15000",
        "1m, 60000",
        "1h30m, 5400000",
        "2d, 172800000",
        "250ms, 250",
        "1m1ms, 60001"
    })
    void readsDurations(String text, long millis) throws BadQueryException {
        assertThat(Times.duration("step", text)).isEqualTo(millis);
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "0", "0s", "-5s", "5 s", "s", "1m1h", "1w", "999999d", "0.0001"})
    void namesWhatIsNoDuration(String text) {
        assertThatThrownBy(() -> Times.duration("step", text))
                .isInstanceOf(BadQueryException.class)
                .hasMessageStartingWith("step is '" + text + "'; expected seconds above zero");
    }
}
