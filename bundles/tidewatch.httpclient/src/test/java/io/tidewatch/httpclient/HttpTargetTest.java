package io.tidewatch.httpclient;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class HttpTargetTest {
    @ParameterizedTest
    @CsvSource({
        "http://rig, rig, rig, 80",
        "http://192.0.2.7:8080/x, 192.0.2.7:8080, 192.0.2.7, 8080",
        "'http://[::1]:8080', '[::1]:8080', ::1, 8080",
        "'http://[fe80::1%eth0]:8080', '[fe80::1]:8080', fe80::1%eth0, 8080",
        "'http://[fe80::1%25eth0]/x', '[fe80::1]', fe80::1%eth0, 80",
        "'http://[fe80::1%2]', '[fe80::1]', fe80::1%2, 80",
        "'http://[fe80::1%25]', '[fe80::1]', fe80::1%25, 80"
    })
    void theHostOfAUrlIsNamedAndCalled(String url, String host, String address, int port) {
        HttpTarget target = HttpTarget.parse("url", url, "/metrics");
        assertThat(target.host()).isEqualTo(host);
        assertThat(target.address()).isEqualTo(address);
        assertThat(target.port()).isEqualTo(port);
    }
}
