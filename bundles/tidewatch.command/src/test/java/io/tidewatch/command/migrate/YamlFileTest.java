package io.tidewatch.command.migrate;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.nio.charset.StandardCharsets;
import java.util.Optional;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.StringLength;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class YamlFileTest {
    @Test
    void keepsTextsAndLines() throws Exception {
        YamlNode root = read("# begin\na: 007\nb:\n  - 'x'\n  - ~\n").orElseThrow();

        assertThat(root).isInstanceOf(YamlNode.Mapping.class);
        YamlNode.Mapping mapping = (YamlNode.Mapping) root;
        assertThat(mapping.entries().get(0)).isEqualTo(new YamlNode.Entry(2, "a", new YamlNode.Scalar(2, "007", true)));
        YamlNode.Items items = (YamlNode.Items) mapping.entries().get(1).value();
        assertThat(items.items().get(0)).isEqualTo(new YamlNode.Scalar(4, "x", false));
        assertThat(items.items().get(1))
                .isInstanceOfSatisfying(YamlNode.Scalar.class, nothing -> assertThat(nothing.isNothing())
                        .isTrue());
    }

    @Test
    void whatIsOwnWinsOverWhatIsMerged() throws Exception {
        YamlNode.Mapping root =
                (YamlNode.Mapping) read("a: &a {x: 1, y: 1}\nb: &b {x: 2, z: 2}\nc:\n  <<: [*a, *b]\n  y: 3\n")
                        .orElseThrow();

        YamlNode.Mapping c = (YamlNode.Mapping) root.entries().get(2).value();
        assertThat(c.entries())
                .extracting(entry -> entry.key() + ((YamlNode.Scalar) entry.value()).text())
                .containsExactly("y3", "x1", "z2");
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "a: 1\\nb: 2\\na: 3            | 3 | 'a' is there twice, first in line 1",
                "a:\\n\\tb: 1                  | 2 | TAB",
                "a: [1, 2                      | 1 | expected",
                "a: &x [*x]                    | 1 | within",
                "a: *nobody                    | 1 | nobody",
                "? [a]\\n: 1                   | 1 | Non scalar key",
                "a: 1\\n<<: 2                  | 2 | merges what has no keys",
                "a: 1\\n---\\nb: 2             | 2 | another document",
            })
    void refusesByLine(String text, int line, String message) {
        assertThatThrownBy(() -> read(text.replace("\\n", "\n").replace("\\t", "\t")))
                .isInstanceOfSatisfying(YamlFile.Mistake.class, mistake -> assertThat(mistake.line)
                        .isEqualTo(line))
                .hasMessageContaining(message);
    }

    @Test
    void refusesWhatOnlyMeansHarm() {
        StringBuilder laughs = new StringBuilder("a0: &a0 [x, x]\n");
        for (int i = 1; i < 25; i++) {
            laughs.append("a")
                    .append(i)
                    .append(": &a")
                    .append(i)
                    .append(" [*a")
                    .append(i - 1)
                    .append(", *a")
                    .append(i - 1)
                    .append("]\n");
        }
        assertThatThrownBy(() -> read(laughs.toString()))
                .isInstanceOf(YamlFile.Mistake.class)
                .hasMessageContaining("100000");
        assertThatThrownBy(() -> read("a: " + "[".repeat(100_000)))
                .isInstanceOf(YamlFile.Mistake.class)
                .hasMessageContaining("deeper than 64");
        assertThatThrownBy(() -> read("a: " + "x".repeat(1 << 20)))
                .isInstanceOf(YamlFile.Mistake.class)
                .hasMessageContaining("1 MiB");
        assertThatThrownBy(() -> YamlFile.read(new byte[] {'a', ':', ' ', (byte) 0xFF}))
                .isInstanceOf(YamlFile.Mistake.class)
                .hasMessageContaining("UTF-8");
    }

    @Test
    void passesOverAByteOrderMark() throws Exception {
        assertThat(read("\uFEFFa: 1")).isPresent();
        assertThat(read("")).isEmpty();
    }

    @Property(tries = 500)
    void readsOrRefusesAnything(@ForAll @StringLength(max = 60) String text) {
        try {
            assertThat(read(text)).isNotNull();
        } catch (YamlFile.Mistake e) {
            assertThat(e.line).isPositive();
            assertThat(e.getMessage()).isNotBlank();
        }
    }

    private static Optional<YamlNode> read(String text) throws YamlFile.Mistake {
        return YamlFile.read(text.getBytes(StandardCharsets.UTF_8));
    }
}
