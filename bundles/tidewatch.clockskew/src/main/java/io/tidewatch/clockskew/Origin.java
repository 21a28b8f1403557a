package io.tidewatch.clockskew;

import io.tidewatch.api.config.Authority;
import java.net.URI;
import java.net.URISyntaxException;
import java.util.Locale;

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
        String host = Authority.of(url).map(Authority::host).orElse("").toLowerCase(Locale.ROOT);
        int port = Authority.of(url).map(Authority::port).orElse(-1);
        return new Origin(scheme, host, port >= 0 ? port : scheme.equals("https") ? 443 : 80);
    }

    /** The health page of the server that this URL belongs to. */
    static URI healthPage(URI url) throws URISyntaxException {
        return new URI(url.getScheme(), url.getRawAuthority(), "/health", null, null);
    }
}
