package io.tidewatch.api.config;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class NamePatternsTest {
    @Test
    void eachExpressionIsOverTheWholeName() {
        NamePatterns patterns = NamePatterns.parse("exclude", " lo, docker.*  enx[0-9a-f]{12},,");

        assertThat(patterns.matches("lo")).isTrue();
        assertThat(patterns.matches("docker0")).isTrue();
        assertThat(patterns.matches("enx0011aabbccdd")).isTrue();
        assertThat(patterns.matches("lo0")).isFalse();
        assertThat(patterns.matches("enx0011aabbccdd0")).isFalse();
        assertThat(patterns.matches("")).isFalse();
        assertThat(patterns).hasToString("lo, docker.*  enx[0-9a-f]{12},,");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "eth{1,2}|x, wlan0",
                "(a,|eth),wlan0",
                "[(,]x,wlan0",
                "[,]{1,3} wlan0",
                "\\(a,wlan0",
                "a[b,]c, wlan0"
            })
    void aCommaWithinBracketsIsPartOfItsExpression(String value) {
        assertThat(NamePatterns.parse("include", value).matches("wlan0")).isTrue();
    }

    @ParameterizedTest
    @CsvSource({"ax,true", "bb,true", "ba,false", "w.0,true", "wa0,false", "eth0,true", "y,true", "lo,true", "LO,false"
    })
    void noExpressionChangesAnother(String name, boolean matches) {
        NamePatterns patterns =
                NamePatterns.parse("include", "(a)x, (b)\\1, \\Qw.0, (?i)ETH0, (?x)y#z, (?<n>c), (?<n>d), lo");

        assertThat(patterns.matches(name)).isEqualTo(matches);
    }

    @ParameterizedTest
    @ValueSource(strings = {"", " ", ",", " , "})
    void anEmptyListMatchesNothing(String value) {
        NamePatterns patterns = NamePatterns.parse("include", value);

        assertThat(patterns.matches("")).isFalse();
        assertThat(patterns.matches("eth0")).isFalse();
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = ';',
            value = {
                "'lo, wwan(';10;wwan(;Unclosed group",
                "'*eth';1;*eth;Dangling meta character '*'",
                "'lo  ,  [a';9;[a;Unclosed character class",
                "'a\\';3;a\\;Unexpected internal error",
                "'x)';1;x);Unmatched closing ')'"
            })
    void aMalformedExpressionIsNamedWithItsPlace(String value, int position, String expression, String reason) {
        assertThatThrownBy(() -> NamePatterns.parse("exclude", value))
                .isInstanceOf(InvalidSettingException.class)
                .hasMessageStartingWith("invalid exclude \"" + value + "\" (expected regular expressions")
                .hasMessageContaining("at position " + position + ", in '" + expression + "'");
    }

    @Test
    void includeBringsBackWhatExcludeLeavesOut() {
        NameFilter filter =
                new NameFilter(NamePatterns.parse("include", "wwan0"), NamePatterns.parse("exclude", "lo, wwan.*"));

        assertThat(filter.accepts("eth0")).isTrue();
        assertThat(filter.accepts("wwan0")).isTrue();
        assertThat(filter.accepts("wwan1")).isFalse();
        assertThat(filter.accepts("lo")).isFalse();
    }
}
