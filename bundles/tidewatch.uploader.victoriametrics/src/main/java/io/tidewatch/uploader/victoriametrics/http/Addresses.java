package io.tidewatch.uploader.victoriametrics.http;

import io.tidewatch.httpclient.Deadline;
import io.tidewatch.httpclient.Names;
import java.io.IOException;
import java.net.InetAddress;
import java.net.UnknownHostException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * The addresses of a server or a proxy, that of the last connection first, those that failed since last: when the time of one request
 * is not enough to try them all, the next request goes on. HttpURLConnection connects to the first address of a name
 * alone: on a network with broken IPv6, or without IPv4, it would never come through.
 */
public final class Addresses {
    private final Names names;
    private final Set<InetAddress> failed = new LinkedHashSet<>();
    private @Nullable InetAddress last;

    public Addresses(Names.Lookup lookup) {
        this.names = new Names(lookup);
    }

    /**
     * The addresses to try, in this order.
     *
     * @throws UnknownHostException if there is no such name, or no answer within the time
     */
    public List<InetAddress> of(String host, Duration time) throws IOException {
        List<InetAddress> addresses = new ArrayList<>(Arrays.asList(names.find(host, new Deadline(time))));
        failed.retainAll(addresses);
        addresses.removeAll(failed);
        addresses.addAll(failed);
        InetAddress preferred = last;
        if (preferred != null && addresses.remove(preferred)) {
            addresses.add(0, preferred);
        }
        return addresses;
    }

    /** A connection came about. */
    public void worked(InetAddress address) {
        last = address;
        failed.remove(address);
    }

    /** No connection came about. */
    public void failed(InetAddress address) {
        if (address.equals(last)) {
            last = null;
        }
        // The latest goes to the end.
        failed.remove(address);
        failed.add(address);
    }
}
