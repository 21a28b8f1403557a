package io.tidewatch.uploader.victoriametrics.http;

import io.tidewatch.api.delivery.DeliveryTarget.Preparation;
import io.tidewatch.httpclient.Names;
import io.tidewatch.uploader.victoriametrics.settings.HttpProxy;
import io.tidewatch.uploader.victoriametrics.settings.UploaderSettings;
import io.tidewatch.uploader.victoriametrics.tls.NamedTlsSockets;
import io.tidewatch.uploader.victoriametrics.tls.Tls;
import java.io.IOException;
import java.net.Authenticator;
import java.net.ConnectException;
import java.net.HttpURLConnection;
import java.net.InetAddress;
import java.net.MalformedURLException;
import java.net.Proxy;
import java.net.SocketException;
import java.net.SocketTimeoutException;
import java.net.URI;
import java.net.URL;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.function.LongSupplier;
import javax.net.ssl.HttpsURLConnection;
import javax.net.ssl.SSLSocketFactory;
import org.jspecify.annotations.Nullable;

/**
 * Makes connections to the server: through a proxy or directly, with the certificates of the configuration, and to each
 * address of server or proxy in turn until one answers. A name is looked up for each request; what the JDK remembers of it
 * is gone after {@code networkaddress.cache.ttl} (30 s).
 *
 * <p>A connection to an address instead of a name needs the header {@code Host} to be set, which the JDK allows only if
 * {@code sun.net.http.allowRestrictedHeaders} is true; the start script sets it. Without it the first address of a name is
 * all that is tried.
 *
 * <p>Not safe for use by several threads, but for {@link #tlsProblem}.
 */
public final class Connector {
    /** Of looking a name up, which leaves half of the time for the rest, and of connecting to one address. */
    private static final Duration LONGEST_STEP = Duration.ofSeconds(10);

    private static final long LONGEST_IDLE = Duration.ofSeconds(5).toNanos();
    private static final boolean MAY_NAME_HOST = Boolean.getBoolean("sun.net.http.allowRestrictedHeaders");

    private final Tls tls = new Tls();
    private final Addresses addresses;
    private @Nullable NamedTlsSockets named;
    private @Nullable HttpProxy authenticated;
    private List<Authenticator> authenticators = List.of(new Silent(), new Silent());
    private final LongSupplier nanoTime;
    private long lastUse;

    public Connector() {
        this(InetAddress::getAllByName, System::nanoTime);
    }

    public Connector(Names.Lookup lookup, LongSupplier nanoTime) {
        this.addresses = new Addresses(lookup);
        this.nanoTime = nanoTime;
        this.lastUse = nanoTime.getAsLong();
    }

    /**
     * Connects, or takes a connection that was kept.
     *
     * @param url what is asked for, on the server of the settings
     * @throws IOException if no address can be connected to; nothing was sent
     */
    public HttpURLConnection connect(UploaderSettings settings, URI url, Preparation preparation) throws IOException {
        Optional<HttpProxy> proxy = settings.proxy();
        authenticators = authenticators(proxy);
        try {
            return reach(settings, url.toURL(), preparation);
        } catch (IOException e) {
            throw proxy.isPresent() ? proxy.get().explain(e) : e;
        }
    }

    private HttpURLConnection reach(UploaderSettings settings, URL url, Preparation preparation) throws IOException {
        Optional<HttpProxy> proxy = settings.proxy();
        String host =
                proxy.map(HttpProxy::host).orElse(settings.requireEndpoint().host());
        if (proxy.isEmpty() && (isAddress(host) || !MAY_NAME_HOST)) {
            return open(settings, url, preparation, Proxy.NO_PROXY);
        }
        IOException failure = null;
        for (InetAddress address : addresses.of(host, atMost(settings.timeout().dividedBy(2)))) {
            try {
                HttpURLConnection connection = open(
                        settings,
                        proxy.isPresent() ? url : at(url, address),
                        preparation,
                        proxy.map(way -> way.at(address)).orElse(Proxy.NO_PROXY));
                addresses.worked(address);
                return connection;
            } catch (SocketException | SocketTimeoutException e) {
                // Others may answer: refused, no route, a network that cannot be reached, which is a SocketException as
                // such. What fails behind the connection, as TLS, fails at all of them.
                addresses.failed(address);
                if (failure != null) {
                    e.addSuppressed(failure);
                }
                failure = e;
            }
        }
        throw failure == null ? new ConnectException(host + " has no address") : failure;
    }

    /** What is wrong with changed certificates, while those before stay in force; null if nothing is. */
    @Nullable
    public String tlsProblem() {
        return tls.problem();
    }

    private HttpURLConnection open(UploaderSettings settings, URL url, Preparation preparation, Proxy proxy)
            throws IOException {
        // Never that of the JVM: where samples and tokens go is said in one place.
        HttpURLConnection connection = (HttpURLConnection) url.openConnection(proxy);

        connection.setConnectTimeout((int) atMost(settings.timeout()).toMillis());
        connection.setReadTimeout((int) settings.timeout().toMillis());
        preparation.prepare(connection);
        String host = settings.requireEndpoint().host();
        boolean byAddress = !url.getHost().equals(host);
        if (byAddress) {
            connection.setRequestProperty("Host", settings.requireEndpoint().server());
        }
        if (connection instanceof HttpsURLConnection secure) {
            Optional<SSLSocketFactory> own = tls.factoryFor(settings.tls());
            if (byAddress) {
                secure.setSSLSocketFactory(named(own.orElseGet(HttpsURLConnection::getDefaultSSLSocketFactory), host));
            } else {
                own.ifPresent(secure::setSSLSocketFactory);
            }
        } else {
            settings.proxy()
                    .flatMap(HttpProxy::authorization)
                    .ifPresent(value -> connection.setRequestProperty("Proxy-Authorization", value));
        }
        connection.setAuthenticator(authenticators.get(0));
        connection.connect();
        return connection;
    }

    public void used() {
        lastUse = nanoTime.getAsLong();
    }

    /**
     * Answers the proxy, and makes idle connections unusable. The JDK uses a kept connection only with the authenticator
     * that it was made with, and closes it otherwise. So the other one of two ends connections that were idle for 5
     * seconds, also if the server's header Keep-Alive lets the JDK keep them for longer: in a network with address
     * translation they may be gone without a trace. Two, and the same two: the JDK keeps passwords by them, forever.
     */
    private List<Authenticator> authenticators(Optional<HttpProxy> proxy) {
        List<Authenticator> both = authenticators;
        if (!proxy.equals(Optional.ofNullable(authenticated))) {
            authenticated = proxy.orElse(null);
            both = List.of(
                    proxy.flatMap(HttpProxy::authenticator).orElseGet(Silent::new),
                    proxy.flatMap(HttpProxy::authenticator).orElseGet(Silent::new));
        }
        boolean idle = nanoTime.getAsLong() - lastUse >= LONGEST_IDLE;
        used();
        return idle ? List.of(both.get(1), both.get(0)) : both;
    }

    /** Has no password for anyone. */
    private static final class Silent extends Authenticator {}

    /** The same object as long as it is good: the JDK keeps connections by it. */
    private NamedTlsSockets named(SSLSocketFactory sockets, String host) {
        NamedTlsSockets known = named;
        if (known == null || !known.isFor(sockets, host)) {
            known = new NamedTlsSockets(sockets, host);
            named = known;
        }
        return known;
    }

    /** Of a URL, since a URI knows no port where it knows no host. */
    private static URL at(URL url, InetAddress address) throws MalformedURLException {
        return new URL(url.getProtocol(), address.getHostAddress(), url.getPort(), url.getFile());
    }

    private static Duration atMost(Duration time) {
        return time.compareTo(LONGEST_STEP) < 0 ? time : LONGEST_STEP;
    }

    private static boolean isAddress(String host) {
        return host.startsWith("[") || host.chars().allMatch(c -> c == '.' || (c >= '0' && c <= '9'));
    }
}
