package io.tidewatch.api.config;

import static org.assertj.core.api.Assertions.assertThat;

import java.net.URI;
import java.util.Optional;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class AuthorityTest {
    @ParameterizedTest
    @CsvSource({
        "'http://[fe80::1%25eth0]:8428/x', '[fe80::1%eth0]', 'http://[fe80::1%eth0]:8428/x'",
        "'http://[fe80::1%eth0]/', '[fe80::1%eth0]', 'http://[fe80::1%eth0]/'",
        "'http://[fe80::1%2]/', '[fe80::1%2]', 'http://[fe80::1%2]/'",
        "'http://[fe80::1%25]/', '[fe80::1%25]', 'http://[fe80::1%25]/'",
        "'http://me:x@[::1]:8428/', '[::1]', 'http://[::1]:8428/'"
    })
    void theZoneOfAnAddressIsReadAsItIsWrittenInUrls(String url, String host, String within) {
        Authority authority = Authority.of(URI.create(url)).orElseThrow();
        assertThat(authority.host()).isEqualTo(host);
        assertThat(authority.within(URI.create(url))).isEqualTo(URI.create(within));
    }

    @ParameterizedTest
    @CsvSource({
        "vm, vm",
        "Victoria_Metrics.local., Victoria_Metrics.local.",
        "vm.4g, vm.4g",
        "bücher.example, xn--bcher-kva.example",
        "'', ",
        "a..b, ",
        "0123456789012345678901234567890123456789012345678901234567890123.example, "
    })
    void aNameIsReadInAscii(String name, String host) {
        assertThat(Authority.of(URI.create("http://" + name + ":8428/")).map(Authority::host))
                .isEqualTo(Optional.ofNullable(host));
    }
}
