package io.tidewatch.jsonlines;

import static org.assertj.core.api.Assertions.assertThat;

import io.tidewatch.api.store.Series;
import io.tidewatch.api.store.SeriesSamples;
import java.time.Instant;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

final class WireRulesTest {
    static Stream<Arguments> badSeries() {
        Map<String, String> tooMany = new TreeMap<>();
        for (int i = 0; i < 29; i++) {
            tooMany.put("tag" + i, "x");
        }
        return Stream.of(
                Arguments.of(Samples.series("a", Map.of("", "x")), "label_name_empty"),
                Arguments.of(Samples.series("a", Map.of("__name__", "x")), "label_name_twice"),
                Arguments.of(Samples.series("a", Map.of("device_id", "x")), "label_name_twice"),
                Arguments.of(Samples.series("a", Map.of("device.id", "x")), "label_name_twice"),
                Arguments.of(Samples.series("a", Map.of("a-b", "x", "a.b", "y")), "label_name_twice"),
                Arguments.of(Samples.series("a", Map.of("n".repeat(257), "x")), "label_name_too_long"),
                Arguments.of(Samples.series("a", Map.of("t", "x".repeat(16385))), "label_value_too_long"),
                Arguments.of(Samples.series("a", Map.of("t", "é".repeat(8193))), "label_value_too_long"),
                Arguments.of(Samples.series("a", Map.of("t", "x\ud800")), "not_utf8"),
                Arguments.of(Samples.series("a", Map.of("t", "\udc00\ud800x")), "not_utf8"),
                Arguments.of(Samples.series("", Map.of()), "label_value_empty"),
                Arguments.of(Samples.series("a", tooMany), "too_many_labels"));
    }

    @ParameterizedTest
    @MethodSource("badSeries")
    void objectsToWhatTheServerWouldSpoilInSilence(Series series, String reason) {
        assertThat(WireRules.objection(series)).hasValue(reason);
    }

    @Test
    void takesWhatIsJustWithinTheLimits() {
        Map<String, String> tags =
                new TreeMap<>(Map.of("long", "x".repeat(WireLimits.STRICTEST.valueBytes()), "n".repeat(256), "😀"));
        for (int i = 0; i < 26; i++) {
            tags.put("tag" + i, "x");
        }
        tags.put("empty", "");

        assertThat(WireRules.objection(Samples.series("a", tags))).isEmpty();

        tags.put("long", "x".repeat(5000));
        assertThat(WireRules.objection(Samples.series("a", tags))).hasValue("label_value_too_long");
        assertThat(WireRules.objection(Samples.series("a", tags), new WireLimits(30, 5000)))
                .isEmpty();
        tags.put("one more", "x");
        assertThat(WireRules.objection(Samples.series("a", tags), new WireLimits(30, 5000)))
                .hasValue("too_many_labels");
        assertThat(WireRules.objection(Samples.series("a", tags), new WireLimits(31, 5000)))
                .isEmpty();
    }

    @Test
    void objectsToNumbersAndTimesThatTheServerDrops() {
        SeriesSamples samples =
                new SeriesSamples(Samples.series("a", Map.of()), new long[] {-1, 0, 1, 2, 3, 4}, new double[] {
                    1, 1, 1, Double.NaN, Double.NEGATIVE_INFINITY, Double.POSITIVE_INFINITY
                });

        assertThat(IntStream.range(0, samples.size())
                        .mapToObj(i -> WireRules.objection(samples, i).orElse("none")))
                .containsExactly(
                        "timestamp_not_positive",
                        "timestamp_not_positive",
                        "none",
                        "not_finite",
                        "not_finite",
                        "not_finite");
        assertThat(WireRules.horizon(Instant.EPOCH)).isEqualTo(Instant.parse("1970-01-03T00:00:00Z"));
    }

    @Test
    void seriesAreTheSameWhenTheirLabelsAre() {
        Series empty = Samples.series("a", Map.of("t", "", "u", "1"));

        assertThat(WireRules.hasEmptyTag(empty)).isTrue();
        assertThat(WireLabels.same(empty, Samples.series("a", Map.of("u", "1"))))
                .isTrue();
        assertThat(WireLabels.same(empty, Samples.series("a", Map.of("u", "2"))))
                .isFalse();
        assertThat(WireLabels.same(empty, Samples.series("b", Map.of("u", "1"))))
                .isFalse();
    }
}
