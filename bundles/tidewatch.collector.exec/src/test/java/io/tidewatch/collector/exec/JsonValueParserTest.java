package io.tidewatch.collector.exec;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.tidewatch.api.config.InvalidSettingException;
import io.tidewatch.json.JsonPath;
import java.util.List;
import net.jqwik.api.Arbitraries;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.Example;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;

class JsonValueParserTest {
    @Example
    void pathsNamesAndLabels() {
        List<JsonValue> values = JsonValueParser.parse(
                "values",
                "uplink.rtt_ms:srt_rtt_ms, links [0] . bitrate : a:b ,"
                        + " [*].\"a.b \\\"c\"[2]: x_total{ link = [*].name, site=site-1 }"
                                .replace("site=site-1", "site=[*][0]"));
        assertThat(values).hasSize(3);
        assertThat(values.get(0).path())
                .isEqualTo(new JsonPath(List.of(new JsonPath.Field("uplink"), new JsonPath.Field("rtt_ms"))));
        assertThat(values.get(0).name()).isEqualTo("srt_rtt_ms");
        assertThat(values.get(0).labels()).isEmpty();
        assertThat(values.get(1).path()).hasToString("links[0].bitrate");
        assertThat(values.get(1).name()).isEqualTo("a:b");
        assertThat(values.get(2).path().steps())
                .containsExactly(new JsonPath.Each(), new JsonPath.Field("a.b \"c"), new JsonPath.Index(2));
        assertThat(values.get(2).labels()).containsOnlyKeys("link", "site");
        assertThat(values.get(2).labels().get("site")).hasToString("[*][0]");
        assertThat(JsonValueParser.parse("values", "  ")).isEmpty();
    }

    @Example
    void aLabelComesFromTheElementOfTheValueOrFromAnywhereElse() {
        String pair = "a[*].b[*].c : m{x=a[*].name, y=a[*].b[*].name, z=site.name}";
        assertThat(JsonValueParser.parse("values", pair).get(0).labels()).hasSize(3);
        refuses("a[*].c : m{x=b[*].name}", 14, "a path that begins as a[*].c does, up to its last [*]");
        refuses("a[0].c : m{x=a[*].name}", 14, "a path that begins as a[0].c does");
    }

    @Example
    void mistakesAreNamedWithTheirPlaces() {
        refuses("a", 2, "a colon and the name of the metric");
        refuses("a.b name", 5, "a colon");
        refuses(": x", 1, "the name of a field");
        refuses("a..b : x", 3, "the name of a field");
        refuses("a[ : x", 4, "the number of an element from 0, or *");
        refuses("a[-1] : x", 3, "the number of an element");
        refuses("a[1234567] : x", 3, "the number of an element");
        refuses("a[1 : x", 5, "]");
        refuses("\"a : x", 1, "a second double quote");
        refuses("a : 9x", 5, "the name of a metric");
        refuses("a : x b : y", 7, "a comma before the next pair");
        refuses("a : x,", 7, "the name of a field");
        refuses("a : x{", 7, "the name of a label");
        refuses("a : x{y}", 8, "= and the path of its value");
        refuses("a : x{y=b", 10, "a comma or } after the label");
        refuses("a : x{y=b,y=c}", 11, "another label, as y stands twice");
        refuses("a : x{device_id=b}", 7, "another label, as device_id is the device's");
        refuses("a.".repeat(60) + "a : x", 102, "a path of at most 50 steps");
    }

    @Property
    void anyTextIsReadOrRefused(@ForAll("texts") String text) {
        try {
            JsonValueParser.parse("values", text).forEach(value -> assertThat(
                            JsonValueParser.parse("values", "x : y").get(0))
                    .isNotEqualTo(value));
        } catch (InvalidSettingException e) {
            assertThat(e).hasMessageMatching("(?s).*at position [0-9]+: .*");
        }
    }

    @Property
    void aPathReadsBackAsItIsShown(@ForAll("paths") String path) {
        assertThat(JsonValueParser.parse("values", path + " : y").get(0).path()).hasToString(path);
    }

    @Provide
    Arbitrary<String> texts() {
        return Arbitraries.strings().withChars("ab0.[]*:{}=,\" \\").ofMaxLength(30);
    }

    @Provide
    Arbitrary<String> paths() {
        Arbitrary<String> step = Arbitraries.of(".a", ".b-c", "[0]", "[17]", "[*]", ".é");
        return step.list().ofMaxSize(8).map(steps -> "top" + String.join("", steps));
    }

    private static void refuses(String text, int position, String why) {
        assertThatThrownBy(() -> JsonValueParser.parse("values", text))
                .isInstanceOf(InvalidSettingException.class)
                .hasMessageContaining("at position " + position + ": " + why);
    }
}
