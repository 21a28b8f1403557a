package io.tidewatch.scheduler;

import static org.assertj.core.api.Assertions.assertThat;

import io.tidewatch.api.config.InvalidSettingException;
import io.tidewatch.api.config.LastGood;
import io.tidewatch.api.store.Priority;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import org.junit.jupiter.api.RepeatedTest;
import org.junit.jupiter.api.RepetitionInfo;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class CollectorSettingsTest {
    @Test
    void defaultsToWhatTheAnnotationDefaultsTo() {
        LastGood<CollectorSettings> reading = read(Map.of());

        assertThat(reading.inForce())
                .isEqualTo(new CollectorSettings(Duration.ofSeconds(30), Duration.ofSeconds(5), Priority.NORMAL, true));
        assertThat(reading.rejected()).isEmpty();
    }

    @Test
    void theFileOverridesTheCollector() {
        Map<String, Object> properties = Map.of(
                "collector.interval", "10s",
                "collector.timeout", "2s",
                "collector.priority", "high",
                "interval", "1m",
                "priority", "critical",
                "enabled", "false");

        assertThat(read(properties).inForce())
                .isEqualTo(
                        new CollectorSettings(Duration.ofMinutes(1), Duration.ofSeconds(2), Priority.CRITICAL, false));
    }

    @ParameterizedTest
    @CsvSource({
        "interval,10",
        "interval,0s",
        "interval,31d",
        "interval,''",
        "timeout,-1s",
        "priority,urgent",
        "enabled,yes"
    })
    void aWrongValueLeavesTheCollectorsOwnAndNamesItself(String key, String value) {
        Map<String, Object> own = Map.of("collector.interval", "10s", "collector.priority", "low");
        Map<String, Object> properties = new HashMap<>(own);
        properties.put(key, value);

        LastGood<CollectorSettings> reading = read(properties);

        assertThat(reading.inForce()).isEqualTo(read(own).inForce());
        assertThat(reading.rejected()).extracting(InvalidSettingException::key).containsExactly(key);
    }

    @Test
    void aCollectorThatIsWrongItselfRunsOnTheDefault() {
        LastGood<CollectorSettings> reading = read(Map.of("collector.interval", "often"));

        assertThat(reading.inForce().interval()).isEqualTo(Duration.ofSeconds(30));
        assertThat(reading.rejected()).extracting(InvalidSettingException::key).containsExactly("collector.interval");
    }

    @Test
    void typedPropertiesAreReadAndForeignObjectsAreNotAsked() {
        Object hostile = new Object() {
            @Override
            public String toString() {
                throw new IllegalStateException("asked");
            }
        };

        assertThat(read(Map.of("enabled", false)).inForce().enabled()).isFalse();
        assertThat(read(Map.of("interval", hostile)).rejected()).hasSize(1);
    }

    @RepeatedTest(20)
    void anyValuesGiveUsableSettings(RepetitionInfo repetition) {
        Random random = new Random(repetition.getCurrentRepetition());
        List<Object> values = List.of("1s", "0s", "999999999d", "30d", "x", "", "true", "low", 5, -1L, true, 'c');
        for (int i = 0; i < 500; i++) {
            Map<String, Object> properties = new HashMap<>();
            for (String key : List.of("interval", "timeout", "priority", "enabled")) {
                for (String prefix : List.of("", "collector.")) {
                    if (random.nextBoolean()) {
                        properties.put(prefix + key, values.get(random.nextInt(values.size())));
                    }
                }
            }

            CollectorSettings settings = read(properties).inForce();

            assertThat(settings.interval()).as("%s", properties).isBetween(Duration.ofMillis(1), Duration.ofDays(30));
            assertThat(settings.timeout()).as("%s", properties).isBetween(Duration.ofMillis(1), Duration.ofDays(30));
        }
    }

    private static LastGood<CollectorSettings> read(Map<String, Object> properties) {
        return new LastGood<>(reader -> CollectorSettings.read(properties, reader));
    }
}
