package io.tidewatch.httpclient;

import java.io.EOFException;
import java.io.IOException;
import java.net.SocketException;
import java.net.SocketTimeoutException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.Optional;
import javax.net.ssl.SSLException;
import javax.net.ssl.SSLHandshakeException;

/**
 * A GET of one page, sent as often as it is asked for. No keep-alive, no redirects, no compression, no proxy. Immutable.
 *
 * @param scheme what stands before the token in the header {@code Authorization}, as {@code "Bearer "}; empty for a server that
 *     wants the token alone
 * @param tokenFile file with the token, read for each request; none: no header {@code Authorization}
 * @param caFile file with the certificates that sign the server's, read for each request; those of Java without one
 */
public record HttpRequest(
        HttpTarget target, String accept, String scheme, Optional<Path> tokenFile, Optional<Path> caFile) {
    private static final String USER_AGENT = "tidewatch";

    /** Takes the answer while its connection is open. */
    public interface Reader {
        /** Reads the answer, whatever its status. */
        void read(HttpAnswer answer) throws IOException;
    }

    /**
     * Connects, sends the request, has the answer read and closes the connection.
     *
     * @throws InterruptedWireException if the thread was interrupted
     * @throws SocketTimeoutException if the deadline passed
     * @throws IOException if a file cannot be used, there is no connection or it broke, or the answer is not HTTP; or what the
     *     reader throws
     */
    public void send(Deadline deadline, Reader reader) throws IOException {
        byte[] request = head();
        try (Wire wire = target.tls() && caFile.isPresent()
                ? Wire.connect(target, Wire.NAMES, Credentials.trusting(caFile.get()), deadline)
                : Wire.connect(target, deadline)) {
            wire.send(request);
            reader.read(HttpAnswer.read(wire.input()));
        }
    }

    private byte[] head() throws IOException {
        String authorization =
                tokenFile.isPresent() ? "Authorization: " + scheme + Credentials.token(tokenFile.get()) + "\r\n" : "";
        return ("GET " + target.path() + " HTTP/1.1\r\nHost: " + target.host() + "\r\nUser-Agent: " + USER_AGENT
                        + "\r\nAccept: " + accept + "\r\nConnection: close\r\n" + authorization + "\r\n")
                .getBytes(StandardCharsets.US_ASCII);
    }

    /**
     * Returns why a request failed and what to do, for an operator.
     *
     * @param whenSlow what to do if the deadline passed
     */
    public static String explain(IOException failure, String whenSlow) {
        String unnamed = failure instanceof EOFException
                ? "the connection broke"
                : failure.getClass().getSimpleName();
        String reason = failure.getMessage() == null ? unnamed : failure.getMessage();
        if (failure instanceof SocketException) {
            return reason + "; check that the program runs and listens there";
        } else if (failure instanceof SocketTimeoutException) {
            return reason + "; " + whenSlow;
        } else if (failure instanceof SSLHandshakeException) {
            return reason
                    + "; the server's certificate has to be in date, for this name, and signed by an authority of the"
                    + " system or of ca.file, where that is a key";
        } else if (failure instanceof SSLException) {
            return reason + "; check that the server speaks TLS, else write http:// into the URL";
        }
        return reason;
    }
}
