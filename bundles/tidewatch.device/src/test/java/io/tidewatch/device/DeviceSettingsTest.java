package io.tidewatch.device;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.tidewatch.api.config.InvalidSettingException;
import io.tidewatch.api.config.SettingReader;
import java.util.ArrayList;
import java.util.Map;
import java.util.Random;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.junit.jupiter.api.RepeatedTest;
import org.junit.jupiter.api.RepetitionInfo;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class DeviceSettingsTest {
    @Test
    void readsLabels() {
        assertThat(DeviceSettings.labels(" site = studio ,rig=2,url=a=b"))
                .containsExactly(Map.entry("rig", "2"), Map.entry("site", "studio"), Map.entry("url", "a=b"));
        assertThat(DeviceSettings.labels("  ")).isEmpty();
        assertThat(DeviceSettings.labels(pairs(20))).hasSize(20);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "site",
                "site=",
                "=studio",
                "Site=x",
                "1a=x",
                "a-b=x",
                "device_id=x",
                "a=1,a=2",
                "a=1,",
                "a=b\u0007c"
            })
    void refusesWrongLabels(String text) {
        assertThatThrownBy(() -> DeviceSettings.labels(text))
                .isInstanceOf(InvalidSettingException.class)
                .hasMessageStartingWith("invalid labels \"" + text + "\" (expected ");
    }

    @Test
    void refusesTooManyAndTooLong() {
        assertThatThrownBy(() -> DeviceSettings.labels(pairs(21))).hasMessageContaining("at most 20");
        assertThatThrownBy(() -> DeviceSettings.labels("a=" + "x".repeat(257))).hasMessageContaining("256");
        assertThatThrownBy(() -> DeviceSettings.id("x".repeat(257))).hasMessageContaining("256");
    }

    @Test
    void readsTheId() {
        assertThat(DeviceSettings.id(" studio-1 ")).isEqualTo("studio-1");
        assertThat(DeviceSettings.read(null, "", new SettingReader(new ArrayList<>()))
                        .id())
                .isEmpty();
        assertThatThrownBy(() -> DeviceSettings.id("  ")).hasMessageContaining("host name");
    }

    @RepeatedTest(20)
    void anyTextIsReadOrRefused(RepetitionInfo repetition) {
        Random random = new Random(repetition.getCurrentRepetition());
        String alphabet = "ab=,= _1A\n\u00e9";
        for (int i = 0; i < 500; i++) {
            String text = IntStream.range(0, random.nextInt(20))
                    .mapToObj(n -> String.valueOf(alphabet.charAt(random.nextInt(alphabet.length()))))
                    .collect(Collectors.joining());
            try {
                assertThat(DeviceSettings.labels(text)).allSatisfy((name, value) -> {
                    assertThat(name).matches("[a-z][a-z0-9_]*");
                    assertThat(value).isNotBlank().isEqualTo(value.strip());
                });
            } catch (InvalidSettingException e) {
                assertThat(e.value()).isEqualTo(text);
            }
        }
    }

    private static String pairs(int count) {
        return IntStream.range(0, count).mapToObj(i -> "l" + i + "=v").collect(Collectors.joining(","));
    }
}
