package io.tidewatch.command.console;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class DisplayTextTest {
    @Test
    void keepsWhatSteersATerminalAway() {
        assertThat(DisplayText.plain("a\033[2Jb\nc\u202Ed\u0007 e\u009B")).isEqualTo("a [2Jb c d  e");
    }

    @ParameterizedTest
    @CsvSource({"abc, 3", "日本, 4", "e\u0301, 1", "가, 2", "é…, 2"})
    void knowsTheWidth(String text, int width) {
        assertThat(DisplayText.width(text)).isEqualTo(width);
    }

    @Test
    void cutsByWidth() {
        assertThat(DisplayText.cut("日本語", 6)).isEqualTo("日本語");
        assertThat(DisplayText.cut("日本語", 5)).isEqualTo("日本…");
        assertThat(DisplayText.cut("日本語", 4)).isEqualTo("日…");
    }

    @Test
    void wrapsAtBlanksAndWithinLongWords() {
        assertThat(DisplayText.wrapped("one two three", 7)).isEqualTo(List.of("one two", "three"));
        assertThat(DisplayText.wrapped("/a/very/long/path here", 8))
                .isEqualTo(List.of("/a/very/", "long/pat", "h here"));
        assertThat(DisplayText.wrapped("日本", 1)).isEqualTo(List.of("日", "本"));
        assertThat(DisplayText.wrapped("", 5)).isEqualTo(List.of(""));
    }

    @Test
    void givesTheLastColumnRoom() {
        Columns columns = new Columns();
        columns.add(List.of("a.very.long.name.of.a.component", "ok", "fine as far as anybody knows"));

        assertThat(columns.lines(new Terminal(40, false)))
                .allMatch(line -> DisplayText.width(line) <= 40)
                .first()
                .asString()
                .contains("…  ok  fine");
    }

    @Test
    void colourIsForTerminalsThatWantIt() {
        assertThat(Terminal.of(null, Map.of("TERM", "xterm")).colours()).isFalse();
        assertThat(Terminal.of("80", Map.of("TERM", "xterm"))).isEqualTo(new Terminal(80, true));
        assertThat(Terminal.of("80", Map.of("TERM", "xterm", "NO_COLOR", "1")).colours())
                .isFalse();
        assertThat(Terminal.of("80", Map.of("TERM", "dumb")).colours()).isFalse();
        assertThat(Terminal.of("0", Map.of("TERM", "xterm")).columns()).isEqualTo(80);
        assertThat(Terminal.of("7", Map.of("TERM", "xterm")).columns()).isEqualTo(40);
    }
}
