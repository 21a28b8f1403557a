package io.tidewatch.api.config;

import static org.assertj.core.api.Assertions.assertThat;

import io.tidewatch.api.health.Health;
import io.tidewatch.api.health.Status;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
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

    @Test
    void settingsBeforeAnyConfigurationGiveWayToTheFirst() {
        LastGood<Integer> settings = LastGood.before(1);
        assertThat(settings.inForce()).isEqualTo(1);
        assertThat(settings.isGood()).isFalse();

        assertThat(settings.offer(number("many"))).isTrue();
        assertThat(settings.inForce()).isEqualTo(7);
        assertThat(settings.isGood()).isFalse();
    }

    @Test
    void aMistakeIsLoggedWithWhatIsInForceAndShownInHealth() {
        List<String> errors = new ArrayList<>();
        LastGood<Integer> settings = new LastGood<>("test", errors::add, number("many"));
        assertThat(errors)
                .containsExactly(
                        "test.cfg: invalid n \"many\" (expected a whole number from 1 to 10); the default stays in"
                                + " force");
        assertThat(settings.offer(number("4"))).isTrue();
        Health well = Health.ok("works", Map.of("n", 4));
        assertThat(settings.on(well)).isEqualTo(well);

        assertThat(settings.offer(number("11"))).isFalse();
        assertThat(errors).hasSize(2);
        assertThat(errors.get(1))
                .startsWith("test.cfg: invalid n \"11\"")
                .endsWith("; the configuration before stays in force");
        assertThat(settings.on(well))
                .isEqualTo(Health.degraded(
                        "fix test.cfg: invalid n \"11\" (expected a whole number from 1 to 10); works",
                        Map.of("n", 4)));
        assertThat(settings.on(Health.error("does not work", Map.of())).status())
                .isEqualTo(Status.ERROR);
    }

    private static Function<SettingReader, Integer> number(String text) {
        return reader -> reader.read("n", text, (key, value) -> Setting.integer(key, value, 1, 10), 7);
    }
}
