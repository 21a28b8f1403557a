package io.tidewatch.health;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.tidewatch.api.config.InvalidSettingException;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class ListenAddressTest {
    @ParameterizedTest
    @CsvSource({
        "127.0.0.1:9100, 127.0.0.1, 9100",
        "' 0.0.0.0:1 ', 0.0.0.0, 1",
        "[::1]:9100, [::1], 9100",
        "[::]:65535, [::], 65535",
        "[fe80::1%eth0]:9100, [fe80::1%eth0], 9100",
        "localhost:0, localhost, 0",
        "edge-7.example.org:9100, edge-7.example.org, 9100"
    })
    void readsHostAndPort(String value, String host, int port) {
        assertThat(ListenAddress.parse("address", value)).isEqualTo(new ListenAddress(host, port));
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "",
                "9100",
                ":9100",
                "127.0.0.1",
                "127.0.0.1:",
                "127.0.0.1:x",
                "127.0.0.1:65536",
                "127.0.0.1:-1",
                "::1:9100",
                "[::1]",
                "[::g]:1",
                "[1:2]:9100",
                "[]:9100",
                "http://127.0.0.1:9100",
                "a b:1",
                "*:9100",
                "host:999999"
            })
    void refusesAnythingElse(String value) {
        assertThatThrownBy(() -> ListenAddress.parse("address", value))
                .isInstanceOf(InvalidSettingException.class)
                .hasMessageStartingWith("invalid address \"" + value + "\" ");
    }

    @ParameterizedTest
    @ValueSource(strings = {"127.0.0.1:9100", "[::1]:9100"})
    void printsAsItIsWritten(String value) {
        assertThat(ListenAddress.parse("address", value)).hasToString(value);
        assertThat(ListenAddress.parse("address", value).toSocketAddress().isUnresolved())
                .isFalse();
    }
}
