package io.tidewatch.api.config;

import java.net.IDN;
import java.net.URI;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * User, host and port of a URL (RFC 3986, 3.2). {@link URI} knows no host where it has an underscore
 * ({@code victoria_metrics}), a last label that begins with a digit ({@code vm.4g}) or letters beyond ASCII, as names in a
 * hosts file, in Docker and in DNS have them.
 *
 * @param userInfo user and password, decoded; a secret
 * @param host name or address, in ASCII; IPv6 in brackets
 * @param port -1 if there is none
 */
public record Authority(Optional<String> userInfo, String host, int port) {
    private static final int LARGEST_PORT = 65_535;

    private static final Pattern PARTS = Pattern.compile(
            "(?:(?<user>.*)@)?(?<host>\\[[0-9A-Fa-f:.%a-z]+]|[\\p{L}\\p{N}._-]+)(?::(?<port>\\d{1,5})?)?");

    /** A name that is ASCII already: {@link IDN} would load its tables, 0.2 MB, to leave it as it is. */
    private static final Pattern ASCII_NAME = Pattern.compile("(?:[\\w-]{1,63}\\.)*[\\w-]{1,63}\\.?");

    /** Reads the authority of a URL; nothing if there is no host in it. */
    public static Optional<Authority> of(URI url) {
        Matcher parts = PARTS.matcher(String.valueOf(url.getRawAuthority()));
        if (url.getRawAuthority() == null || !parts.matches()) {
            return Optional.empty();
        }
        int port = parts.group("port") == null ? -1 : Integer.parseInt(parts.group("port"));
        String host = parts.group("host");
        try {
            // Java knows a zone as %eth0, RFC 6874 writes it %25eth0.
            String ascii = host.startsWith("[")
                    ? host.replaceFirst("%25(?!])", "%")
                    : ASCII_NAME.matcher(host).matches() ? host : IDN.toASCII(host);
            Optional<String> user = Optional.ofNullable(parts.group("user")).map(Authority::decoded);
            return port > LARGEST_PORT ? Optional.empty() : Optional.of(new Authority(user, ascii, port));
        } catch (IllegalArgumentException e) {
            return Optional.empty();
        }
    }

    /** Returns the URL with this host and port, without user info and fragment. */
    public URI within(URI url) {
        // Put together from its raw parts: the constructor with parts would quote what is quoted already.
        return URI.create(url.getScheme() + "://" + host + (port < 0 ? "" : ":" + port) + url.getRawPath()
                + (url.getRawQuery() == null ? "" : "?" + url.getRawQuery()));
    }

    /**
     * Whether Java can check a certificate for this host. It cannot for a name with an underscore, which TLS has no way to
     * ask for (RFC 6066, 3; the rules are those of {@code SNIHostName} of the JDK).
     */
    public boolean isTlsName() {
        try {
            return host.startsWith("[")
                    || !IDN.toASCII(host, IDN.USE_STD3_ASCII_RULES).isEmpty();
        } catch (IllegalArgumentException e) {
            return false;
        }
    }

    private static String decoded(String userInfo) {
        return String.valueOf(URI.create("http://" + userInfo + "@host/").getUserInfo());
    }
}
