package io.tidewatch.clockskew;

import java.net.URI;
import java.net.URISyntaxException;
import java.util.Locale;

/**
 * Who may be told a secret: one server, as browsers see it (RFC 6454).
 *
 * @param scheme in lower case
 * @param host in lower case
 * @param port the port, also where the URL leaves it to the scheme
 */
record Origin(String scheme, String host, int port) {
    static Origin of(URI url) {
        String scheme = String.valueOf(url.getScheme()).toLowerCase(Locale.ROOT);
        String host = String.valueOf(url.getHost()).toLowerCase(Locale.ROOT);
        return new Origin(scheme, host, url.getPort() >= 0 ? url.getPort() : scheme.equals("https") ? 443 : 80);
    }

    /** The health page of the server that this URL belongs to. */
    static URI healthPage(URI url) throws URISyntaxException {
        return new URI(url.getScheme(), null, url.getHost(), url.getPort(), "/health", null, null);
    }
}
