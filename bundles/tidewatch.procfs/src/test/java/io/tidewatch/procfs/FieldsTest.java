package io.tidewatch.procfs;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

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

    private static Fields fields(String text) {
        byte[] bytes = text.getBytes(StandardCharsets.UTF_8);
        return new Fields(Path.of("/proc/test"), bytes, bytes.length);
    }
}
