package io.tidewatch.uploader.victoriametrics;

import java.net.InetAddress;
import java.net.UnknownHostException;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * The addresses of a server, that of the last connection first. HttpURLConnection connects to the first address of a name
 * alone: on a network with broken IPv6, or without IPv4, it would never come through.
 */
final class Addresses {
    /** Looks names up. */
    interface Resolver {
        InetAddress[] resolve(String host) throws UnknownHostException;
    }

    private final Resolver resolver;
    private @Nullable InetAddress last;

    Addresses(Resolver resolver) {
        this.resolver = resolver;
    }

    /** The addresses to try, in this order. */
    List<InetAddress> of(String host) throws UnknownHostException {
        List<InetAddress> addresses = new ArrayList<>(Arrays.asList(resolver.resolve(host)));
        InetAddress preferred = last;
        if (preferred != null && addresses.remove(preferred)) {
            addresses.add(0, preferred);
        }
        return addresses;
    }

    /** A connection came about. */
    void worked(InetAddress address) {
        last = address;
    }
}
