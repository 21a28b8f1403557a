package io.tidewatch.api.config;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.function.Function;
import org.junit.jupiter.api.Test;

class LastGoodTest {
    @Test
    void aMistakeLeavesTheLastGoodInForceUntilItIsMended() {
        LastGood<Integer> settings = new LastGood<>(number("3"));
        assertThat(settings.inForce()).isEqualTo(3);
        assertThat(settings.rejected()).isEmpty();

        settings.offer(number("many"));
        assertThat(settings.inForce()).isEqualTo(3);
        assertThat(settings.rejected())
                .singleElement()
                .extracting(InvalidSettingException::value)
                .isEqualTo("many");

        settings.offer(number("11"));
        assertThat(settings.inForce()).isEqualTo(3);
        settings.offer(number("4"));
        assertThat(settings.inForce()).isEqualTo(4);
        assertThat(settings.rejected()).isEmpty();
    }

    @Test
    void aFirstMistakeMeansTheFallbackAndTheNextGoodIsTaken() {
        LastGood<Integer> settings = new LastGood<>(number("many"));
        assertThat(settings.inForce()).isEqualTo(7);
        assertThat(settings.rejected()).hasSize(1);

        settings.offer(number("none"));
        assertThat(settings.inForce()).isEqualTo(7);
        settings.offer(number("5"));
        assertThat(settings.inForce()).isEqualTo(5);
    }

    private static Function<SettingReader, Integer> number(String text) {
        return reader -> reader.read("n", text, (key, value) -> Setting.integer(key, value, 1, 10), 7);
    }
}
