package io.tidewatch.page.query;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

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
                "load_1m or network_rx_bytes_total",
                "load_1m OR (load_5m or (network_rx_bytes_total{interface=\"wwan0\"}))",
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
                "load_1m or load_5m"
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
                "load_1m or|at character 11: a name of a metric or '{' is expected",
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
                "load_1m{a=~\"(\"}|the value of a is no regular expression of RE2",
                "(load_1m|')' is expected",
            })
    void namesThePlaceOfAMistake(String query, String message) {
        assertThatThrownBy(() -> Selector.parse(query))
                .isInstanceOf(BadQueryException.class)
                .hasMessageContaining(message);
    }

    @Test
    void emptyIsNoQuery() {
        assertThatThrownBy(() -> Selector.parse("")).isInstanceOf(BadQueryException.class);
        assertThatThrownBy(() -> Selector.parse("(".repeat(5_000))).hasMessageContaining("more than 20 deep");
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
}
