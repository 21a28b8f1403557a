package io.tidewatch.httpclient;

import io.tidewatch.api.config.InvalidSettingException;
import java.net.URI;
import java.net.URISyntaxException;
import java.nio.file.Path;
import java.util.Locale;

/**
 * Where a page is.
 *
 * @param url as an operator wrote it
 * @param host host and port for the header {@code Host}; {@code localhost} for a socket
 * @param address host of a network address, or path of a Unix socket
 * @param port port; 0 for a Unix socket
 */
public record HttpTarget(String url, String host, String address, int port, boolean tls, String path) {
    private static final String UNIX = "unix:";
    private static final int LARGEST_PORT = 65_535;

    /**
     * Reads the URL of a page: {@code http://host:port/path}, {@code https://…} or {@code unix:/path/of/socket:/path}.
     *
     * @param usualPath path of such a page, for the message and for the URL of a socket without a path
     * @throws InvalidSettingException if it is none, or has credentials, which the message does not repeat
     */
    public static HttpTarget parse(String key, String value, String usualPath) {
        String url = value.strip();
        String accepted = "http://host:port" + usualPath + ", https://host:port" + usualPath
                + ", or unix:/path/of/socket:" + usualPath;
        if (url.startsWith(UNIX)) {
            return socket(key, url, usualPath, accepted);
        }
        try {
            // A request is ASCII: other characters of the path are percent-encoded, as UTF-8.
            URI uri = new URI(new URI(url).toASCIIString()).parseServerAuthority();
            String scheme = uri.getScheme() == null ? "" : uri.getScheme().toLowerCase(Locale.ROOT);
            boolean tls = scheme.equals("https");
            int port = uri.getPort() >= 0 ? uri.getPort() : tls ? 443 : 80;
            if (uri.getHost() == null || !(tls || scheme.equals("http")) || port == 0 || port > LARGEST_PORT) {
                throw new InvalidSettingException(key, value, accepted);
            }
            if (uri.getUserInfo() != null) {
                throw new InvalidSettingException(
                        key, "…@" + uri.getHost(), "a URL without credentials; put a token into token.file");
            }
            String path = uri.getRawPath() == null || uri.getRawPath().isEmpty() ? "/" : uri.getRawPath();
            String query = uri.getRawQuery() == null ? "" : "?" + uri.getRawQuery();
            // The zone of an address of IPv6 is this device's affair; RFC 6874 writes it %25eth0, Java reads %eth0.
            String host = uri.getHost().replaceFirst("%.*]", "]") + (uri.getPort() >= 0 ? ":" + port : "");
            String address = uri.getHost().replaceFirst("^\\[(.*)]$", "$1").replaceFirst("%25(?=.)", "%");
            return new HttpTarget(url, host, address, port, tls, path + query);
        } catch (URISyntaxException e) {
            throw new InvalidSettingException(key, value, accepted);
        }
    }

    /** Returns a Unix socket. */
    public static HttpTarget ofSocket(Path socket, String path) {
        return new HttpTarget(UNIX + socket, "localhost", socket.toString(), 0, false, path);
    }

    private static HttpTarget socket(String key, String url, String usualPath, String accepted) {
        String rest = url.substring(UNIX.length()).replaceFirst("^//(?=/)", "");
        int colon = rest.indexOf(":/");
        String socket = colon < 0 ? rest : rest.substring(0, colon);
        String path = colon < 0 ? usualPath : rest.substring(colon + 1);
        if (!socket.startsWith("/") || !path.chars().allMatch(c -> c > ' ' && c < 0x7F)) {
            throw new InvalidSettingException(key, url, accepted);
        }
        return new HttpTarget(url, "localhost", socket, 0, false, path);
    }

    /** Returns whether it is a Unix socket. */
    public boolean isSocket() {
        return port == 0 && address.startsWith("/");
    }
}
