package io.tidewatch.api.config;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.tidewatch.api.health.Status;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class SettingTest {
    @ParameterizedTest
    @CsvSource({"250ms,PT0.25S", "30s,PT30S", "5m,PT5M", "1h,PT1H", "30d,PT720H", "' 10 s ',PT10S"})
    void readsDurations(String text, Duration expected) {
        assertThat(Setting.duration("interval", text)).isEqualTo(expected);
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "s", "-1s", "1.5s", "10 parsecs", "0s", "9999999999s"})
    void refusesWhatIsNoDuration(String text) {
        assertThatThrownBy(() -> Setting.duration("interval", text))
                .isInstanceOf(InvalidSettingException.class)
                .hasMessage("invalid interval \"" + text + "\" (expected "
                        + (text.equals("0s") ? "a duration above zero" : "a duration")
                        + " such as 250ms, 30s, 5m, 1h)");
    }

    /** A duration is counted in nanoseconds somewhere. */
    @ParameterizedTest
    @ValueSource(strings = {"999999999d", "36501d", "876024h"})
    void refusesWhatIsNoDurationOfThisCentury(String text) {
        assertThatThrownBy(() -> Setting.durationOrZero("interval", text))
                .hasMessage("invalid interval \"" + text + "\" (expected a duration of at most 36500d)");
        assertThat(Setting.duration("interval", "36500d").plusDays(36_500).toNanos())
                .isPositive();
    }

    @Test
    void readsDurationsWithinLimits() {
        assertThat(Setting.duration("delay", "0s", "0s", "2s")).isZero();
        assertThat(Setting.duration("delay", "2000ms", "0s", "2s")).hasSeconds(2);
        assertThatThrownBy(() -> Setting.duration("delay", "3s", "0s", "2s"))
                .hasMessage("invalid delay \"3s\" (expected a duration from 0s to 2s)");
        assertThatThrownBy(() -> Setting.duration("delay", "1ms", "1s", "2s"))
                .hasMessage("invalid delay \"1ms\" (expected a duration from 1s to 2s)");
    }

    @ParameterizedTest
    @CsvSource({"10,10s", "5 sec,5s", "10S,10s", "2 Minutes,2m", "1 hour,1h", "3days,3d"})
    void saysWhatDurationWasMeant(String text, String meant) {
        assertThatThrownBy(() -> Setting.duration("interval", text))
                .hasMessageEndingWith("1h; did you mean " + meant + "?)");
    }

    @ParameterizedTest
    @CsvSource({"500MB,500MiB", "2 gb,2GiB", "64mib,64MiB", "512k,512KiB", "100b,100B"})
    void saysWhatSizeWasMeant(String text, String meant) {
        assertThatThrownBy(() -> Setting.size("max.size", text))
                .hasMessageEndingWith("2GiB; did you mean " + meant + "?)");
    }

    @Test
    void allowsZeroWhereItMakesSense() {
        assertThat(Setting.durationOrZero("commit.delay", "0s")).isEqualTo(Duration.ZERO);
    }

    @ParameterizedTest
    @CsvSource({"4096B,4096", "512KiB,524288", "64MiB,67108864", "2GiB,2147483648"})
    void readsSizes(String text, long expected) {
        assertThat(Setting.size("max.size", text)).isEqualTo(expected);
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "64", "64MB", "-1KiB", "999999999999GiB"})
    void refusesWhatIsNoSize(String text) {
        assertThatThrownBy(() -> Setting.size("max.size", text)).isInstanceOf(InvalidSettingException.class);
    }

    @Test
    void readsSizesInARange() {
        assertThat(Setting.size("max.bytes", "1KiB", "1KiB", "4MiB")).isEqualTo(1024);
        assertThat(Setting.size("max.bytes", "4MiB", "1KiB", "4MiB")).isEqualTo(4 << 20);
        assertThatThrownBy(() -> Setting.size("max.bytes", "1023B", "1KiB", "4MiB"))
                .hasMessage("invalid max.bytes \"1023B\" (expected a size from 1KiB to 4MiB)");
        assertThatThrownBy(() -> Setting.size("max.bytes", "5MiB", "1KiB", "4MiB"))
                .isInstanceOf(InvalidSettingException.class);
    }

    @Test
    void readsAbsolutePaths() {
        assertThat(Setting.absolutePath("folder", " /var/lib ", "a folder")).isEqualTo(Path.of("/var/lib"));
        for (String wrong : List.of("", "var/lib", "/a\0b")) {
            assertThatThrownBy(() -> Setting.absolutePath("folder", wrong, "a folder"))
                    .hasMessage("invalid folder \"" + wrong + "\" (expected the absolute path of a folder)");
        }
    }

    @Test
    void readsNumbersInARange() {
        assertThat(Setting.integer("n", " 7 ", 1, 7)).isEqualTo(7);
        assertThatThrownBy(() -> Setting.integer("n", "8", 1, 7))
                .hasMessage("invalid n \"8\" (expected a whole number from 1 to 7)");
        assertThatThrownBy(() -> Setting.integer("n", "x", 1, 7)).isInstanceOf(InvalidSettingException.class);
    }

    @Test
    void readsChoices() {
        assertThat(Setting.bool("enabled", "TRUE")).isTrue();
        assertThat(Setting.bool("enabled", "false")).isFalse();
        assertThat(Setting.oneOf("status", "ok", Status.class)).isEqualTo(Status.OK);
        assertThatThrownBy(() -> Setting.bool("enabled", "yes")).hasMessageContaining("true or false");
        assertThatThrownBy(() -> Setting.oneOf("status", "fine", Status.class))
                .hasMessage("invalid status \"fine\" (expected ok, degraded, error)");
    }

    @Test
    void durationsAreWrittenInTheLargestUnitWithoutARest() {
        assertThat(Setting.written(Duration.ofMillis(250))).isEqualTo("250ms");
        assertThat(Setting.written(Duration.ofSeconds(90))).isEqualTo("90s");
        assertThat(Setting.written(Duration.ofMinutes(5))).isEqualTo("5m");
        assertThat(Setting.written(Duration.ofDays(1))).isEqualTo("24h");
        assertThat(Setting.written(Duration.ZERO)).isEqualTo("0s");
    }
}
