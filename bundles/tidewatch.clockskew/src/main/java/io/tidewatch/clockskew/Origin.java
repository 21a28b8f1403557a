package io.tidewatch.clockskew;

import io.tidewatch.api.config.Authority;
import java.net.URI;
import java.net.URISyntaxException;
import java.util.Locale;
import java.util.Optional;

/**
 * Who may be told a secret: one server, as browsers see it (RFC 6454).
 *
 * @param scheme in lower case
 * @param host in lower case; empty if the URL has none
 * @param port the port, also where the URL leaves it to the scheme
 */
record Origin(String scheme, String host, int port) {
    static Origin of(URI url) {
        String scheme = String.valueOf(url.getScheme()).toLowerCase(Locale.ROOT);
        Authority authority = Authority.of(url).orElse(new Authority(Optional.empty(), "", -1));
        int port = authority.port() >= 0 ? authority.port() : scheme.equals("https") ? 443 : 80;
        return new Origin(scheme, authority.host().toLowerCase(Locale.ROOT), port);
    }

    /** The health page of the server that this URL belongs to. */
    static URI healthPage(URI url) throws URISyntaxException {
        return new URI(url.getScheme(), url.getRawAuthority(), "/health", null, null);
    }
}
