package io.tidewatch.uploader.victoriametrics.answer;

import io.tidewatch.uploader.victoriametrics.answer.Answer.Failure;
import io.tidewatch.uploader.victoriametrics.failure.DeliveryException;
import io.tidewatch.uploader.victoriametrics.failure.ForeignText;
import io.tidewatch.uploader.victoriametrics.failure.Reason;
import io.tidewatch.uploader.victoriametrics.settings.Endpoint;
import java.io.IOException;
import java.net.ConnectException;
import java.net.NoRouteToHostException;
import java.net.SocketTimeoutException;
import java.net.UnknownHostException;
import java.util.concurrent.TimeoutException;
import java.util.function.BooleanSupplier;
import javax.net.ssl.SSLException;

/** Finds out what it means that there was no answer. */
public final class Breakdown {
    private static final String UNREACHABLE = "Network is unreachable";

    private Breakdown() {}

    /** Returns what an exception means; whether there is a default route is asked only where that matters. */
    public static Failure of(IOException exception, Endpoint endpoint, BooleanSupplier routed) {
        Reason reason = reason(exception, routed);
        return new Failure(reason, message(reason, exception, endpoint.server()));
    }

    private static Reason reason(IOException exception, BooleanSupplier routed) {
        if (exception instanceof DeliveryException known) {
            return known.reason();
        }
        if (exception instanceof SocketTimeoutException) {
            return Reason.TIMEOUT;
        }
        boolean unknown = exception instanceof UnknownHostException;
        boolean unroutable = exception instanceof NoRouteToHostException
                || String.valueOf(exception.getMessage()).contains(UNREACHABLE);
        if (unknown || unroutable) {
            return !routed.getAsBoolean() ? Reason.NO_NETWORK : unknown ? Reason.UNKNOWN_HOST : Reason.NO_ROUTE;
        }
        return exception instanceof ConnectException
                ? Reason.CONNECT
                : exception instanceof SSLException ? Reason.TLS : Reason.NETWORK;
    }

    private static String message(Reason reason, IOException exception, String server) {
        String text = String.valueOf(exception.getMessage());
        String quoted = ForeignText.quoted(text);
        return switch (reason) {
            case TIMEOUT -> server + " does not answer in time: is it reachable, is the network slow?";
            case NO_NETWORK -> "no connection to " + server + ": this device has no default route";
            case UNKNOWN_HOST ->
                exception.getCause() instanceof TimeoutException
                        ? text
                        : "the name of " + server + " is not known: check the network, DNS and url";
            case NO_ROUTE -> "no route to " + server + ": check the network";
            case CONNECT -> "no connection to " + server + " (" + quoted + "): is VictoriaMetrics running there?";
            case TLS -> "no secure connection to " + server + " (" + quoted + "): check its certificate and the clock";
            case NETWORK ->
                "the connection to " + server + " broke ("
                        + exception.getClass().getSimpleName() + ": " + quoted + ")";
            default -> text;
        };
    }
}
