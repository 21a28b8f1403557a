package io.tidewatch.config;

import static org.assertj.core.api.Assertions.assertThat;

import io.tidewatch.config.CfgFile.Line;
import java.io.IOException;
import java.io.StringReader;
import java.nio.charset.Charset;
import java.nio.charset.StandardCharsets;
import java.util.Properties;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.Chars;
import net.jqwik.api.constraints.StringLength;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class CfgFileTest {
    @Test
    void linesHaveNumbersKeysAndValues() {
        CfgFile file = parse("# comment\n\n  a.b = 1 \n! more\r\nc:2\rd=\ne = x=y:z\n");
        assertThat(file.flaws()).isEmpty();
        assertThat(file.lines())
                .containsExactly(
                        new Line(3, "a.b", "1"),
                        new Line(5, "c", "2"),
                        new Line(6, "d", ""),
                        new Line(7, "e", "x=y:z"));
    }

    @Test
    void aBackslashContinuesALineAndEscapes() {
        CfgFile file = parse("a = 1, \\\n    2, \\\r\n    3\nb = \\u00e4 \\\\d\nc = end\\\\\nd = 4");
        assertThat(file.flaws()).isEmpty();
        assertThat(file.lines())
                .containsExactly(
                        new Line(1, "a", "1, 2, 3"),
                        new Line(4, "b", "ä \\d"),
                        new Line(5, "c", "end\\"),
                        new Line(6, "d", "4"));
    }

    @Test
    void aByteOrderMarkIsNoPartOfTheFirstKey() {
        assertThat(parse("\uFEFFa=1\nb=2").lines()).containsExactly(new Line(1, "a", "1"), new Line(2, "b", "2"));
        assertThat(parse("\uFEFF# a=1\nb=2").lines()).containsExactly(new Line(2, "b", "2"));
        assertThat(parse("\uFEFF# a=1\nb=2").flaws()).isEmpty();
    }

    @ParameterizedTest
    @ValueSource(strings = {"UTF-16LE", "UTF-16BE"})
    void utf16IsNamedOnce(String encoding) {
        CfgFile file = CfgFile.parse("\uFEFFa=1\nb=2\n".getBytes(Charset.forName(encoding)));
        assertThat(file.lines()).isEmpty();
        assertThat(file.flaws()).containsExactly(new Verdict.Problem(0, "is UTF-16; save it as UTF-8", true));
    }

    @Test
    void zeroBytesCostTheirLine() {
        CfgFile file = parse("a=1\ninterval=5\0\0\nb=2\n\0\0\0");
        assertThat(file.lines()).extracting(Line::key).containsExactly("a", "b");
        assertThat(file.flaws())
                .extracting(flaw -> flaw.line() + ": " + flaw.text())
                .containsExactly(
                        "2: interval has zero bytes, as after a power cut; write the line again",
                        "4: has zero bytes, as after a power cut; write the line again");
    }

    @ParameterizedTest
    @ValueSource(strings = {"interval 5s", "interval", "= 5s", "interval 5s = 3", "interval 5s : 3"})
    void aLineWithoutEqualsSignIsRefused(String line) {
        CfgFile file = parse("a=1\n" + line + "\nb=2\n");
        assertThat(file.lines()).extracting(Line::key).containsExactly("a", "b");
        assertThat(file.flaws()).singleElement().satisfies(flaw -> {
            assertThat(flaw.line()).isEqualTo(2);
            assertThat(flaw.refused()).isTrue();
            assertThat(flaw.key()).isEqualTo(line.startsWith("=") ? "" : "interval");
            assertThat(flaw.text()).contains("without '='", "key = value").doesNotContain("5s");
        });
    }

    @Test
    void bytesThatAreNotUtf8AreNamedWithTheirPlace() {
        CfgFile file = CfgFile.parse("a=1\nid = Gerät\nb=2".getBytes(StandardCharsets.ISO_8859_1));
        assertThat(file.lines()).extracting(Line::key).containsExactly("a", "b");
        assertThat(file.flaws()).singleElement().satisfies(flaw -> {
            assertThat(flaw.line()).isEqualTo(2);
            assertThat(flaw.key()).isEqualTo("id");
            assertThat(flaw.text()).contains("0xE4", "place 9", "UTF-8").doesNotContain("Ger");
        });
    }

    @Test
    void anyBytesMayStandInAComment() {
        CfgFile file = CfgFile.parse("# Gerät\na=1\n".getBytes(StandardCharsets.ISO_8859_1));
        assertThat(file.flaws()).isEmpty();
        assertThat(file.lines()).containsExactly(new Line(2, "a", "1"));
    }

    @Test
    void aSequenceThatTheFileCutsOffIsNotUtf8() {
        assertThat(CfgFile.parse(new byte[] {'a', '=', (byte) 0xC3}).flaws())
                .singleElement()
                .satisfies(flaw -> assertThat(flaw.text()).contains("0xC3", "place 3"));
    }

    @Test
    void anEscapeWithoutMeaningIsRefused() {
        assertThat(parse("a=1\nb=\\u00zz").flaws())
                .singleElement()
                .satisfies(flaw -> assertThat(flaw.line() + flaw.key()).isEqualTo("2b"));
    }

    @Property
    void whatIsReadWithoutAFlawIsWhatPropertiesRead(
            @ForAll @Chars({'a', 'b', '=', ':', ' ', '\n', '\r', '\\', '#', '!', 'ü', '\t'}) @StringLength(max = 30)
                    String text)
            throws IOException {
        CfgFile file = parse(text);
        Properties expected = new Properties();
        expected.load(new StringReader(text));
        if (file.flaws().isEmpty()) {
            Properties read = new Properties();
            file.lines().forEach(line -> read.setProperty(line.key(), line.value()));
            // Of a backslash alone Properties make an empty key; here it is an empty line.
            expected.remove("", "");
            expected.replaceAll((key, value) -> ((String) value).stripTrailing());
            assertThat(read).isEqualTo(expected);
        }
    }

    @Property
    void anyBytesAreRead(@ForAll byte[] bytes) {
        CfgFile file = CfgFile.parse(bytes);
        Charset any = StandardCharsets.ISO_8859_1;
        int lines = new String(bytes, any).split("[\\r\\n]", -1).length;
        // A line that loses a backslash is in force all the same.
        long refused = file.flaws().stream().filter(Verdict.Problem::refused).count();
        assertThat(file.lines().size() + refused).isLessThanOrEqualTo(lines);
        assertThat(file.flaws()).hasSizeLessThanOrEqualTo(lines);
    }

    private static CfgFile parse(String text) {
        return CfgFile.parse(text.getBytes(StandardCharsets.UTF_8));
    }
}
