package io.tidewatch.page.query;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.Collections;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class SelectorTest {
    private static final Map<String, String> MODEM =
            Map.of("__name__", "network_rx_bytes_total", "device_id", "rig-1", "interface", "wwan0");

    @ParameterizedTest
    @ValueSource(
            strings = {
                "network_rx_bytes_total",
                "  network_rx_bytes_total  { }  ",
                "network_rx_bytes_total{interface=\"wwan0\"}",
                "network_rx_bytes_total{interface='wwan0',}",
                "network_rx_bytes_total{interface=~`wwan\\d`}",
                "network_rx_bytes_total{interface=~\"wwan\\\\d\", device_id!=\"\"}",
                "{__name__=~\"network_.*\", interface!~\"eth.*\"}",
                "{interface=\"wwan0\"}",
                "network_rx_bytes_total{absent=\"\"}",
                "network_rx_bytes_total{absent!~\".+\"}",
                "{__name__=\"load_1m\" or __name__=\"network_rx_bytes_total\"}",
                "{__name__=\"load_1m\" or __name__=\"load_5m\" OR __name__=\"network_rx_bytes_total\",interface=\"wwan0\"}",
                "network_rx_bytes_total{interface=\"eth0\" or interface=\"wwan0\" }",
                "{interface=~\"eth0|wwan0\"}"
            })
    void accepts(String query) throws BadQueryException {
        assertThat(Selector.parse(query).accepts(MODEM)).isTrue();
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "network_rx_bytes",
                "Network_rx_bytes_total",
                "network_rx_bytes_total{interface=\"wwan\"}",
                "network_rx_bytes_total{interface=~\"wwan\"}",
                "network_rx_bytes_total{interface!=\"wwan0\"}",
                "network_rx_bytes_total{absent=\"x\"}",
                "{interface!~\"wwan.*\", __name__=~\".+\"}",
                "{__name__=\"load_1m\" or __name__=\"load_5m\"}",
                "load_1m{interface=\"eth0\" or interface=\"wwan0\"}"
            })
    void doesNotAccept(String query) throws BadQueryException {
        assertThat(Selector.parse(query).accepts(MODEM)).isFalse();
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            quoteCharacter = '\u0001',
            value = {
                "rate(load_1m[5m])|at character 5: '(' is not expected",
                "load_1m[5m]|at character 8: '[' is not expected",
                "load_1m + 1|at character 9: '+' is not expected",
                "load_1m or load_5m|at character 9: 'o' is not expected",
                "{a=\"b\" or}|a selector needs a name",
                "{a=\"b\" or a=\"\"}|a selector needs a name",
                "1|at character 1: a name of a metric",
                "{}|needs a name, or a label that must not be empty",
                "{interface=~\".*\"}|needs a name, or a label",
                "{interface!=\"x\"}|needs a name, or a label",
                "load_1m{a=}|at character 11: a value in quotes",
                "load_1m{a=b}|at character 11: a value in quotes",
                "load_1m{a=\"b}|the quotes are not closed",
                "load_1m{a=\"b\\q\"}|\\\\, \\\", \\', \\n, \\t or \\r is expected",
                "load_1m{1=\"b\"}|a name of a label is expected",
                "load_1m{a<\"b\"}|=, !=, =~ or !~ is expected",
                "load_1m{a=\"b\" c=\"d\"}|'}' is expected",
                "load_1m{a=\"b\"|'}' is expected",
                "load_1m{a=~\"(\"}|the value of a is no regular expression of RE2",
                "(load_1m)|at character 1: a name of a metric",
            })
    void namesThePlaceOfAMistake(String query, String message) {
        assertThatThrownBy(() -> Selector.parse(query))
                .isInstanceOf(BadQueryException.class)
                .hasMessageContaining(message);
    }

    @Test
    void emptyIsNoQuery() {
        assertThatThrownBy(() -> Selector.parse("")).isInstanceOf(BadQueryException.class);
        assertThatThrownBy(() -> Selector.parse("{".repeat(5_000))).isInstanceOf(BadQueryException.class);
    }

    @Test
    void escapesAreThoseOfPrometheus() throws BadQueryException {
        Map<String, String> labels = Map.of("__name__", "a", "b", "x\n\t\r\\\"'");
        assertThat(Selector.parse("a{b=\"x\\n\\t\\r\\\\\\\"\\'\"}").accepts(labels))
                .isTrue();
        assertThat(Selector.parse("a{b=`\\n`}").accepts(Map.of("__name__", "a", "b", "\\n")))
                .isTrue();
    }

    @Test
    void oneOfSeveral() throws BadQueryException {
        assertThat(Selector.anyOf(List.of("a", "b")).accepts(Map.of("__name__", "b")))
                .isTrue();
        assertThat(Selector.anyOf(List.of("a", "b")).accepts(Map.of("__name__", "c")))
                .isFalse();
        assertThat(Selector.everything().accepts(MODEM)).isTrue();
    }

    /** With java.util.regex this takes longer than the universe is old. */
    @Test
    @Timeout(20)
    void anExpressionCannotStopTheQueryThread() throws BadQueryException {
        Map<String, String> labels = Map.of("__name__", "a", "b", "a".repeat(200) + "!");
        assertThat(Selector.parse("a{b=~\"(a*)*(a|aa)+(a+)+b\"}").accepts(labels))
                .isFalse();
    }

    /** The heap of the agent is 24 MB, and it ends when that is full. */
    @ParameterizedTest
    @ValueSource(
            strings = {
                "a{b=~\"(x{1000}){1000}\"}",
                "a{b!~\"((x{9}y){99,}){999}\"}",
                "a{b=~\"(x{500}[(]){500,1000}\"}",
            })
    void anExpressionCannotFillTheHeap(String query) {
        assertThatThrownBy(() -> Selector.parse(query))
                .isInstanceOf(BadQueryException.class)
                .hasMessageContaining("too large");
    }

    @Test
    void manyExpressionsCannotFillTheHeapOrTheStack() {
        List<String> queries = Collections.nCopies(600, "a{b=~\"x{1000}\"}");
        assertThatThrownBy(() -> Selector.anyOf(queries)).hasMessageContaining("too large");
        for (String part : List.of("\\\\pL", "x{1000}", "(")) {
            String query = "a{b=~`" + part.replace("\\\\", "\\").repeat(2_000) + "`}";
            assertThatThrownBy(() -> Selector.parse(query)).hasMessageContaining("too large");
        }
    }

    @Test
    void usualExpressionsAreAccepted() throws BadQueryException {
        String octets = "10(\\.[0-9]{1,3}){3}";
        assertThat(Selector.parse("a{b=~`" + octets + "`,c=~`([0-9a-f]{2}:){5}[0-9a-f]{2}`}")
                        .accepts(Map.of("__name__", "a", "b", "10.0.0.1", "c", "00:11:22:33:44:55")))
                .isTrue();
        String names = "wwan[0-9]{1,1000}|".repeat(15) + "eth0|".repeat(200) + "lo";
        assertThat(Selector.parse("a{b=~\"" + names + "\"}").accepts(Map.of("__name__", "a", "b", "lo")))
                .isTrue();
        assertThat(Selector.parse("a{b=\"(x{1000}){1000}\"}").accepts(Map.of("__name__", "a", "b", "(x{1000}){1000}")))
                .isTrue();
    }
}
