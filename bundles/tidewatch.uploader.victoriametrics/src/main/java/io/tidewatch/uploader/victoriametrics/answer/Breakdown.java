package io.tidewatch.uploader.victoriametrics.answer;

import io.tidewatch.uploader.victoriametrics.answer.Answer.Failure;
import io.tidewatch.uploader.victoriametrics.http.DeadlineException;
import io.tidewatch.uploader.victoriametrics.secrets.ExposedSecretException;
import io.tidewatch.uploader.victoriametrics.secrets.TokenFileException;
import io.tidewatch.uploader.victoriametrics.settings.Endpoint;
import io.tidewatch.uploader.victoriametrics.settings.ForeignText;
import io.tidewatch.uploader.victoriametrics.settings.ProxyException;
import io.tidewatch.uploader.victoriametrics.tls.TlsFileException;
import java.io.IOException;
import java.net.ConnectException;
import java.net.NoRouteToHostException;
import java.net.SocketTimeoutException;
import java.net.UnknownHostException;
import java.util.function.BooleanSupplier;
import javax.net.ssl.SSLException;

/** Finds out what it means that there was no answer. */
public final class Breakdown {
    private static final String UNREACHABLE = "Network is unreachable";

    private Breakdown() {}

    /**
     * Returns what an exception means.
     *
     * @param routed whether the device has a default route; asked only where that matters
     */
    public static Failure of(IOException exception, Endpoint endpoint, BooleanSupplier routed) {
        String server = endpoint.server();
        String text = String.valueOf(exception.getMessage());
        if (exception instanceof ExposedSecretException) {
            return new Failure(Reason.EXPOSED_SECRET, text);
        }
        if (exception instanceof TokenFileException) {
            return new Failure(Reason.TOKEN_FILE, text);
        }
        if (exception instanceof TlsFileException) {
            return new Failure(Reason.TLS_FILE, text);
        }
        if (exception instanceof ProxyException) {
            return new Failure(Reason.PROXY, text);
        }
        if (exception instanceof DeadlineException || exception instanceof SocketTimeoutException) {
            return new Failure(
                    Reason.TIMEOUT, server + " does not answer in time: is it reachable, is the network slow?");
        }
        boolean unknown = exception instanceof UnknownHostException;
        boolean unroutable = exception instanceof NoRouteToHostException || text.contains(UNREACHABLE);
        if ((unknown || unroutable) && !routed.getAsBoolean()) {
            return new Failure(Reason.NO_NETWORK, "no connection to " + server + ": this device has no default route");
        }
        if (unknown) {
            return new Failure(
                    Reason.UNKNOWN_HOST, "the name of " + server + " is not known: check the network, DNS and url");
        }
        if (unroutable) {
            return new Failure(Reason.NO_ROUTE, "no route to " + server + ": check the network");
        }
        if (exception instanceof ConnectException) {
            return new Failure(
                    Reason.CONNECT,
                    "no connection to " + server + " (" + ForeignText.quoted(text)
                            + "): is VictoriaMetrics running there?");
        }
        if (exception instanceof SSLException) {
            return new Failure(
                    Reason.TLS,
                    "no secure connection to " + server + " (" + ForeignText.quoted(text)
                            + "): check its certificate and the clock");
        }
        return new Failure(
                Reason.NETWORK,
                "the connection to " + server + " broke ("
                        + exception.getClass().getSimpleName() + ": " + ForeignText.quoted(text) + ")");
    }
}
