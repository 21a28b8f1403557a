package io.tidewatch.uploader.victoriametrics.failure;

import java.util.Locale;
import java.util.Set;
import java.util.stream.Stream;

/** Why an attempt failed, and what that says about the network, the server and this device. */
public enum Reason {
    /** The device has no default route, and the server cannot be reached without one. */
    NO_NETWORK(Trait.NETWORK, Trait.RESTART),
    /** No connection: refused, or not answered. */
    CONNECT(Trait.NETWORK, Trait.RESTART, Trait.LOST),
    /** The connection broke. */
    NETWORK(Trait.NETWORK, Trait.RESTART),
    NO_ROUTE(Trait.NETWORK, Trait.RESTART),
    /** No answer in time, or no connection in time. */
    TIMEOUT(Trait.NETWORK, Trait.RESTART, Trait.LATE),
    TLS(Trait.NETWORK),
    UNKNOWN_HOST(Trait.NETWORK),
    /** The proxy is not reached, or refuses. */
    PROXY(Trait.NETWORK),
    /** Another server answers in place of the server. */
    INTERCEPTED(Trait.NETWORK, Trait.FOREIGN),
    /** A success whose sender is not known to be the server. */
    UNKNOWN_PEER(Trait.NETWORK, Trait.FOREIGN, Trait.ENDS_CYCLE),
    /** A secret that every user may read. */
    EXPOSED_SECRET(Trait.FILES, Trait.ENDS_CYCLE),
    /** Certificates or a key that cannot be used. */
    TLS_FILE(Trait.FILES, Trait.ENDS_CYCLE),
    TOKEN_FILE(Trait.FILES, Trait.ENDS_CYCLE),
    HTTP_400_TOKEN,
    HTTP_400_PATH,
    /** 400 about a body that did not arrive whole, or not in time. */
    HTTP_400_BODY(Trait.LATE),
    HTTP_401,
    HTTP_403,
    HTTP_404,
    /** The path takes no POST. */
    HTTP_405,
    /** The proxy wants a login. */
    HTTP_407,
    /** The body did not arrive in time. */
    HTTP_408(Trait.LATE),
    HTTP_413(Trait.LATE),
    HTTP_429,
    /** The proxy does not reach the server. */
    HTTP_502(Trait.RESTART, Trait.LOST),
    /** The server cannot accept samples at the moment. */
    HTTP_503(Trait.RESTART),
    /** The proxy got no answer from the server. */
    HTTP_504(Trait.RESTART, Trait.LOST),
    /** Any other status. */
    HTTP,
    REFUSED(Trait.SAMPLES),
    PARTIAL(Trait.SAMPLES),
    STORE,
    BUG;

    /** What a reason says. */
    public enum Trait {
        /** The network of the device may be the cause, so that another one helps. */
        NETWORK,
        /** It is not the server that answers, as far as is known. */
        FOREIGN,
        /** Files of this device are the cause: nothing was sent, and only a change of the files helps. */
        FILES,
        /** The request was too large for the link or the server, so that smaller ones may arrive. */
        LATE,
        /** The server may be another process afterwards. Every other failure is an answer of a running server. */
        RESTART,
        /** A server that ends fails like this, rather than a network that is bad. */
        LOST,
        /** Another attempt in the same cycle is of no use. */
        ENDS_CYCLE,
        /** Some samples fail, rather than the server, the network or this device. */
        SAMPLES
    }

    @SuppressWarnings("ImmutableEnumChecker") // As it is of Set.of.
    private final Set<Trait> traits;

    Reason(Trait... traits) {
        this.traits = Set.of(traits);
    }

    /** The reason for a status that has no reason of its own but the status. */
    public static Reason ofStatus(int status) {
        String name = "HTTP_" + status;
        return Stream.of(values())
                .filter(reason -> reason.name().equals(name))
                .findFirst()
                .orElse(HTTP);
    }

    /** The reason in lower case with underscores, as in metrics and logs. */
    public String label() {
        return name().toLowerCase(Locale.ROOT);
    }

    public boolean is(Trait trait) {
        return traits.contains(trait);
    }

    /** Whether the server, or a proxy before it, has answered. */
    public boolean ofServer() {
        return !is(Trait.NETWORK) && !is(Trait.FILES) && this != STORE && this != BUG;
    }
}
