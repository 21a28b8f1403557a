package io.tidewatch.health;

import io.tidewatch.api.config.InvalidSettingException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.UnknownHostException;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * @param host an IPv4 address, an IPv6 address in brackets, or a host name
 * @param port 0 to 65535; 0 is any free port
 */
record ListenAddress(String host, int port) {
    private static final Pattern ADDRESS =
            Pattern.compile("(\\[[0-9a-fA-F:.]+(?:%[a-zA-Z0-9._-]+)?]|[a-zA-Z0-9][a-zA-Z0-9._-]*):(\\d{1,5})");
    private static final int MAX_PORT = 65_535;

    /** Reads {@code 127.0.0.1:9100}, {@code [::1]:9100}, {@code localhost:9100}. Looks up no name. */
    static ListenAddress parse(String key, String value) {
        Matcher matcher = ADDRESS.matcher(value.strip());
        if (matcher.matches()) {
            String host = matcher.group(1);
            int port = Integer.parseInt(matcher.group(2));
            if (port <= MAX_PORT && (!host.startsWith("[") || isIpv6(host))) {
                return new ListenAddress(host, port);
            }
        }
        throw new InvalidSettingException(
                key, value, "host:port such as 127.0.0.1:9100, [::1]:9100 or 0.0.0.0:9100 (all addresses)");
    }

    /** This address for a socket; looks the name up, which may take as long as the resolver does. */
    InetSocketAddress toSocketAddress() {
        return new InetSocketAddress(host, port);
    }

    @Override
    public String toString() {
        return host + ":" + port;
    }

    private static boolean isIpv6(String bracketed) {
        try {
            // Brackets make it a literal: the resolver is not asked.
            InetAddress.getByName(bracketed.replaceFirst("%.*]", "]"));
            return true;
        } catch (UnknownHostException e) {
            return false;
        }
    }
}
