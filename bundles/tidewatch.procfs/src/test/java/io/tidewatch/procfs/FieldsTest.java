package io.tidewatch.procfs;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class FieldsTest {
    @Test
    void readsLinesOfFields() throws Exception {
        Fields fields = fields("cpu  10 20\nintr\t5\n\nlast 7");

        assertThat(fields.nextLine()).isTrue();
        assertThat(fields.skip("cp")).isFalse();
        assertThat(fields.startsWith("cp")).isTrue();
        assertThat(fields.skip("cpu")).isTrue();
        assertThat(fields.number()).isEqualTo(10);
        assertThat(fields.hasNext()).isTrue();
        assertThat(fields.number()).isEqualTo(20);
        assertThat(fields.hasNext()).isFalse();
        assertThat(fields.nextLine()).isTrue();
        assertThat(fields.word()).isEqualTo("intr");
        assertThat(fields.nextLine()).isTrue();
        assertThat(fields.hasNext()).isFalse();
        assertThat(fields.nextLine()).isTrue();
        assertThat(fields.word()).isEqualTo("last");
        assertThat(fields.number()).isEqualTo(7);
        assertThat(fields.nextLine()).isFalse();
        assertThat(fields.hasNext()).isFalse();
    }

    @Test
    void anEmptyTextHasNoLine() {
        assertThat(fields("").nextLine()).isFalse();
    }

    @Test
    void aNumberOverTheRangeIsTheMaximum() throws Exception {
        Fields fields = fields("9223372036854775807 9223372036854775808 18446744073709551615 99999999999999999999999");
        fields.nextLine();

        assertThat(fields.number()).isEqualTo(Long.MAX_VALUE);
        assertThat(fields.number()).isEqualTo(Long.MAX_VALUE);
        assertThat(fields.number()).isEqualTo(Long.MAX_VALUE);
        assertThat(fields.number()).isEqualTo(Long.MAX_VALUE);
    }

    @ParameterizedTest
    @ValueSource(strings = {"x", "-1", "1.5", "", " ", "12a", "\u0000"})
    void whatIsNoNumberIsAnErrorThatNamesThePlace(String text) {
        Fields fields = fields("first\n" + text);
        fields.nextLine();
        fields.nextLine();

        assertThatThrownBy(fields::number)
                .isInstanceOf(ProcFormatException.class)
                .hasMessageStartingWith("/proc/test:")
                .hasMessageContaining("expected a number");
    }

    @Test
    void anErrorShowsTheTextAtTheFaultAndNotBehindIt() throws Exception {
        Fields fields = line("cpu0 10 18446744073709346016 30");
        fields.word();
        fields.number();
        assertThat(fields.error("a number")).hasMessageEndingWith("found '18446744073709346016 30'");
        assertThat(fields.number()).isEqualTo(Fields.OVERFLOW);
        assertThat(fields.rejected("less than 2^63"))
                .hasMessage("/proc/test:1: expected less than 2^63, found '18446744073709346016 30'");
        assertThat(fields.missing("line 'btime'")).hasMessage("/proc/test: has no line 'btime'");

        Fields separated = line("eth0: 1 2");
        separated.textBeforeLast(':');
        assertThat(separated.rejected("a name")).hasMessageEndingWith("found 'eth0: 1 2'");
        Fields ended = fields("first\n8 0 sda 10\n");
        ended.nextLine();
        ended.nextLine();
        ended.rest();
        assertThat(ended.error("a number"))
                .hasMessage("/proc/test:2: expected a number, found the end of '8 0 sda 10'");
        Fields skipped = line("btime now");
        skipped.skip("btime");
        assertThat(skipped.rejected("a time")).hasMessageEndingWith("found 'btime now'");
    }

    @Test
    void readsNumbersWithASign() throws Exception {
        assertThat(line("-5000 x").signedNumber()).isEqualTo(-5000);
        assertThat(line("44384").signedNumber()).isEqualTo(44384);
        assertThat(line("-99999999999999999999").signedNumber()).isEqualTo(-9223372036854775807L);
        Fields rejected = line("17 -274000");
        rejected.number();
        rejected.signedNumber();
        assertThat(rejected.rejected("a temperature")).hasMessageEndingWith("found '-274000'");
    }

    @ParameterizedTest
    @ValueSource(strings = {"-", "--1", "- 1", "+1", "-x", ""})
    void whatIsNoNumberWithASignIsAnError(String text) {
        assertThatThrownBy(() -> line(text).signedNumber()).isInstanceOf(ProcFormatException.class);
    }

    @Test
    void readsDecimals() throws Exception {
        Fields fields = line("12345.67 0.00 7 0.1 123456789012345678901 0.12345678901234567890123");

        assertThat(fields.decimal()).isEqualTo(12345.67);
        assertThat(fields.decimal()).isZero();
        assertThat(fields.decimal()).isEqualTo(7);
        assertThat(fields.decimal()).isEqualTo(0.1);
        assertThat(fields.decimal()).isCloseTo(1.2345678901234568e20, within(1e5));
        assertThat(fields.decimal()).isCloseTo(0.123456789012345, within(1e-14));
    }

    @ParameterizedTest
    @ValueSource(strings = {".", ".5", "5.", "1.2.3", "-1", "1,5", "NaN", "", "1e3"})
    void whatIsNoDecimalIsAnError(String text) {
        assertThatThrownBy(() -> line(text).decimal())
                .isInstanceOf(ProcFormatException.class)
                .hasMessageContaining("decimal number");
    }

    @Test
    void readsUpToASeparator() throws Exception {
        Fields fields = line("2/345 7");
        assertThat(fields.numberBefore('/')).isEqualTo(2);
        assertThat(fields.number()).isEqualTo(345);
        assertThat(fields.number()).isEqualTo(7);
        for (String text : new String[] {"2 345", "/345", "x/3", "", "2"}) {
            assertThatThrownBy(() -> line(text).numberBefore('/')).isInstanceOf(ProcFormatException.class);
        }

        Fields interfaces = line("  eth0:1: 1 2");
        assertThat(interfaces.textBeforeLast(':')).isEqualTo("eth0:1");
        assertThat(interfaces.number()).isEqualTo(1);
        for (String text : new String[] {"eth0 1", ":", " : 1", ""}) {
            assertThatThrownBy(() -> line(text).textBeforeLast(':')).isInstanceOf(ProcFormatException.class);
        }
    }

    @Test
    void passesOverFieldsAndPrefixes() throws Exception {
        Fields fields = line("some avg10=0.00 total=17 ");

        fields.skipField();
        assertThat(fields.skipPrefix("total=")).isFalse();
        fields.skipField();
        assertThat(fields.skipPrefix("total=")).isTrue();
        assertThat(fields.number()).isEqualTo(17);
        fields.skipField();
        assertThat(fields.hasNext()).isFalse();
    }

    @Test
    void takesTheRestOfALine() throws Exception {
        Fields fields = line("1  INT3400 Thermal \t");
        fields.number();

        assertThat(fields.rest()).isEqualTo("INT3400 Thermal");
        assertThat(fields.rest()).isEmpty();
    }

    @Test
    void aNameIsAnyTextButControlCharacters() throws Exception {
        assertThat(line("  INT3400 Thermal \t").name("a type")).isEqualTo("INT3400 Thermal");
        for (String text : new String[] {"", "  ", "cpu\u0001", "a\u0000b"}) {
            assertThatThrownBy(() -> line(text).name("a type"))
                    .isInstanceOf(ProcFormatException.class)
                    .hasMessageContaining("expected a type");
        }
        byte[] notUtf8 = {'c', (byte) 0xFF};
        Fields fields = new Fields(Path.of("/proc/test"), notUtf8, notUtf8.length);
        fields.nextLine();
        assertThatThrownBy(() -> fields.name("a type")).isInstanceOf(ProcFormatException.class);
    }

    private static Fields line(String text) {
        Fields fields = fields(text);
        fields.nextLine();
        return fields;
    }

    private static Fields fields(String text) {
        byte[] bytes = text.getBytes(StandardCharsets.UTF_8);
        return new Fields(Path.of("/proc/test"), bytes, bytes.length);
    }
}
