package io.tidewatch.uploader.victoriametrics.settings;

import io.tidewatch.api.config.Authority;
import io.tidewatch.api.config.InvalidSettingException;
import io.tidewatch.uploader.victoriametrics.failure.DeliveryException;
import io.tidewatch.uploader.victoriametrics.failure.ForeignText;
import io.tidewatch.uploader.victoriametrics.failure.Reason;
import java.io.IOException;
import java.net.Authenticator;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.PasswordAuthentication;
import java.net.Proxy;
import java.net.SocketException;
import java.net.SocketTimeoutException;
import java.net.URI;
import java.net.URISyntaxException;
import java.net.UnknownHostException;
import java.util.Locale;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * A proxy that requests go through.
 *
 * @param userInfo {@code user:password} for it; a secret
 */
public record HttpProxy(String host, int port, Optional<String> userInfo) {
    private static final String ACCEPTED =
            "the URL of an HTTP proxy with its port, such as http://proxy:3128, or direct";

    /** How the JDK begins when a proxy refuses to CONNECT. */
    private static final String NO_TUNNEL = "Unable to tunnel";

    /** Reads the setting; nothing if blank or {@code direct}. An {@link InvalidSettingException} shows no user info. */
    public static Optional<HttpProxy> parse(String key, String value) {
        if (value.isBlank() || value.strip().equals("direct")) {
            return Optional.empty();
        }
        try {
            URI url = new URI(value.strip());
            Optional<Authority> authority = Authority.of(url).filter(parts -> parts.port() > 0);
            if (String.valueOf(url.getScheme()).toLowerCase(Locale.ROOT).equals("http")
                    && authority.isPresent()
                    && (url.getRawPath().isEmpty() || url.getRawPath().equals("/"))) {
                return authority.map(parts -> new HttpProxy(parts.host(), parts.port(), parts.userInfo()));
            }
        } catch (URISyntaxException e) {
            // Falls through to the one message, which shows no password.
        }
        throw new InvalidSettingException(key, Endpoint.withoutUserInfo(value.strip()), ACCEPTED);
    }

    /**
     * For HttpURLConnection, at one of its addresses. Digits that were not looked up: the JDK keeps no tunnel through an address
     * that was looked up.
     */
    public Proxy at(InetAddress address) {
        return new Proxy(Proxy.Type.HTTP, InetSocketAddress.createUnresolved(address.getHostAddress(), port));
    }

    /** Value of the header Proxy-Authorization, for requests that the proxy itself answers. */
    public Optional<String> authorization() {
        return userInfo.map(Endpoint::basic);
    }

    /**
     * Answers the proxy's question when it is asked for a tunnel, which only the JDK itself can. It does so with a
     * password in the clear only if {@code jdk.http.auth.tunneling.disabledSchemes} is empty.
     */
    public Optional<Authenticator> authenticator() {
        return userInfo.map(text -> new Authenticator() {
            @Override
            protected @Nullable PasswordAuthentication getPasswordAuthentication() {
                int colon = text.indexOf(':');
                String user = colon < 0 ? text : text.substring(0, colon);
                String password = colon < 0 ? "" : text.substring(colon + 1);
                return getRequestorType() == RequestorType.PROXY
                        ? new PasswordAuthentication(user, password.toCharArray())
                        : null;
            }
        });
    }

    /** What a failure to connect through it means: who it was that failed, the proxy or the server behind it. */
    public IOException explain(IOException failure) {
        String text = String.valueOf(failure.getMessage());
        if (text.startsWith(NO_TUNNEL)) {
            return new DeliveryException(
                    Reason.PROXY,
                    "the proxy " + this + " does not let requests through (" + ForeignText.quoted(text)
                            + "): check the user and password in proxy, and what it allows",
                    failure);
        }
        boolean reached = !(failure instanceof SocketException
                || failure instanceof SocketTimeoutException
                || failure instanceof UnknownHostException);
        return reached
                ? failure
                : new DeliveryException(
                        Reason.PROXY,
                        "no connection through the proxy " + this + " (" + ForeignText.quoted(text)
                                + "): does it run, is the network up?",
                        failure);
    }

    /** Shows no secret. */
    @Override
    public String toString() {
        return "http://" + host + ":" + port;
    }
}
