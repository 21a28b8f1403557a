package io.tidewatch.collector.scrape;

import io.tidewatch.api.config.InvalidSettingException;
import java.net.InetSocketAddress;
import java.net.SocketAddress;
import java.net.URI;
import java.net.URISyntaxException;
import java.net.UnixDomainSocketAddress;
import java.util.Locale;

/**
 * Where a page is.
 *
 * @param url as an operator wrote it
 * @param host host and port for the header {@code Host}; {@code localhost} for a socket
 * @param address host of a network address, or path of a Unix socket
 * @param port port; 0 for a Unix socket
 * @param tls whether the connection is encrypted
 * @param path path and query of the request
 */
record ScrapeTarget(String url, String host, String address, int port, boolean tls, String path) {
    private static final String KEY = "url";
    private static final String UNIX = "unix:";
    private static final String DEFAULT_PATH = "/metrics";
    private static final String ACCEPTED =
            "http://host:port/metrics, https://host:port/metrics, or" + " unix:/path/of/socket:/metrics";

    /** Reads the key {@code url}. */
    static ScrapeTarget parse(String key, String value) {
        String url = value.strip();
        if (url.startsWith(UNIX)) {
            return socket(url);
        }
        try {
            URI uri = new URI(url).parseServerAuthority();
            String scheme = uri.getScheme() == null ? "" : uri.getScheme().toLowerCase(Locale.ROOT);
            boolean tls = scheme.equals("https");
            if (uri.getHost() == null || !(tls || scheme.equals("http"))) {
                throw new InvalidSettingException(key, value, ACCEPTED);
            }
            if (uri.getUserInfo() != null) {
                throw new InvalidSettingException(
                        key, "…@" + uri.getHost(), "a URL without credentials; put a token into token.file");
            }
            int port = uri.getPort() >= 0 ? uri.getPort() : tls ? 443 : 80;
            String path = uri.getRawPath() == null || uri.getRawPath().isEmpty() ? "/" : uri.getRawPath();
            String query = uri.getRawQuery() == null ? "" : "?" + uri.getRawQuery();
            String host = uri.getHost() + (uri.getPort() >= 0 ? ":" + port : "");
            return new ScrapeTarget(url, host, withoutBrackets(uri.getHost()), port, tls, path + query);
        } catch (URISyntaxException e) {
            throw new InvalidSettingException(key, value, ACCEPTED);
        }
    }

    private static ScrapeTarget socket(String url) {
        String rest = url.substring(UNIX.length()).replaceFirst("^//(?=/)", "");
        int colon = rest.indexOf(":/");
        String socket = colon < 0 ? rest : rest.substring(0, colon);
        String path = colon < 0 ? DEFAULT_PATH : rest.substring(colon + 1);
        if (!socket.startsWith("/") || !path.chars().allMatch(c -> c > ' ' && c < 0x7F)) {
            throw new InvalidSettingException(KEY, url, ACCEPTED);
        }
        return new ScrapeTarget(url, "localhost", socket, 0, false, path);
    }

    /** Whether it is a Unix socket. */
    boolean isSocket() {
        return port == 0 && address.startsWith("/");
    }

    /** The address to connect to; a name is looked up. */
    SocketAddress socketAddress() {
        return isSocket() ? UnixDomainSocketAddress.of(address) : new InetSocketAddress(address, port);
    }

    private static String withoutBrackets(String host) {
        return host.startsWith("[") ? host.substring(1, host.length() - 1) : host;
    }
}
