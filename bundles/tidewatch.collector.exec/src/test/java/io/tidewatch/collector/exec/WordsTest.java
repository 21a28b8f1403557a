package io.tidewatch.collector.exec;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.tidewatch.api.config.InvalidSettingException;
import java.util.List;
import net.jqwik.api.Arbitraries;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.Example;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;

class WordsTest {
    @Example
    void blanksSeparateAndQuotesGroup() {
        assertThat(Words.split("command", " /bin/a  b\t\"c d\" e\"f g\"h \"\" "))
                .containsExactly("/bin/a", "b", "c d", "ef gh", "");
        assertThat(Words.split("command", "a \"b \\\" \\\\ \\n\" c\\d $HOME x|y it's"))
                .containsExactly("a", "b \" \\ n", "c\\d", "$HOME", "x|y", "it's");
        assertThat(Words.split("command", "")).isEmpty();
    }

    @Example
    void whatIsMeantForAShellIsRefusedWithItsPlace() {
        refuses("/bin/a | wc", "at position 8: no '|', as there is no shell");
        refuses("/bin/a 2>/dev/null", "at position 8: no '2>/dev/null'");
        refuses("/bin/a 'b c'", "at position 8: double quotes");
        refuses("/bin/a \"b c", "at position 8: a second double quote");
        refuses("/bin/a \"b\\", "at position 8: a second double quote");
        refuses("/bin/a\0", "at position 7: no character 0");
        assertThat(Words.split("command", "/bin/a \"|\"")).containsExactly("/bin/a", "|");
    }

    @Property
    void quotedWordsComeBack(@ForAll("words") List<String> words) {
        StringBuilder line = new StringBuilder();
        words.forEach(word -> line.append(" \"")
                .append(word.replace("\\", "\\\\").replace("\"", "\\\""))
                .append('"'));
        assertThat(Words.split("command", line.toString())).isEqualTo(words);
    }

    @Property
    void anyLineIsSplitOrRefused(@ForAll("lines") String line) {
        try {
            assertThat(Words.split("command", line)).doesNotContainNull();
        } catch (InvalidSettingException e) {
            assertThat(e).hasMessageMatching("(?s).*at position [0-9]+: .*");
        }
    }

    @Provide
    Arbitrary<List<String>> words() {
        return Arbitraries.strings().excludeChars('\0').ofMaxLength(10).list().ofMaxSize(6);
    }

    @Provide
    Arbitrary<String> lines() {
        return Arbitraries.strings().withChars("ab \t\"\\'|&;><\0é$").ofMaxLength(30);
    }

    private static void refuses(String line, String why) {
        assertThatThrownBy(() -> Words.split("command", line))
                .isInstanceOf(InvalidSettingException.class)
                .hasMessageContaining(why);
    }
}
