package io.tidewatch.command.doctor;

import io.tidewatch.api.clock.Skew;
import io.tidewatch.command.agent.Surroundings;
import io.tidewatch.command.console.Amounts;
import io.tidewatch.command.console.Build;
import io.tidewatch.command.doctor.Diagnosis.Subject;
import io.tidewatch.uploader.victoriametrics.ServerProbe;
import io.tidewatch.uploader.victoriametrics.ServerProbe.Result;
import io.tidewatch.uploader.victoriametrics.failure.Reason;
import java.net.URI;
import java.time.Duration;
import java.time.Instant;
import java.util.Optional;

/** Whether samples would arrive: the server and the way to it, the token, the clock, and what the server reports. */
public record ServerExamination(Surroundings surroundings) {

    private static final String CLOCK_PID = "tidewatch.clockskew";
    private static final String CLOCK_KEY = "warn.threshold";
    public static final String CLOCK_DEFAULT = "2s";

    private static final String SERVER_FIRST = "fix the way to the server first";
    private static final String CLOCK_ADVICE = "timedatectl set-ntp true, and let it reach its time server";

    public void examine(Diagnosis diagnosis) {
        Subject server = diagnosis.on("server");
        Subject token = diagnosis.on("token");
        Subject clock = diagnosis.on("clock");
        try (ServerProbe probe = new ServerProbe(
                surroundings.folders().readableSettings(ServerProbe.PID),
                surroundings.version(),
                surroundings.clock())) {
            probe.exposedSecrets().forEach(exposed -> secret(exposed, diagnosis.on("permissions")));
            boolean plausible = isPlausible(clock);
            Optional<URI> url = probe.url();
            if (url.isEmpty()) {
                server.note(
                        "none: samples are only stored",
                        "write url into " + ServerProbe.PID + ".cfg if they are to be delivered");
                return;
            }
            if (probe.sendsSecretsInTheClear()) {
                token.note(
                        "it goes unencrypted to another host, where anyone on the way can read it",
                        "https in url, or an encrypted network");
            }
            Result result = probe.send();
            boolean reached = examine(url.get(), result, server, token);
            if (plausible) {
                result.skew()
                        .filter(skew -> reached)
                        .ifPresentOrElse(
                                skew -> clock(skew, clock),
                                () -> clock.note("not compared: the server has not said its time", SERVER_FIRST));
            }
            if (reached) {
                new ServerReportExamination(surroundings.folders()).examine(probe, diagnosis);
            } else {
                diagnosis.on("duplicates").note("not asked for: the server is not reached", SERVER_FIRST);
            }
        }
    }

    private static void secret(String exposed, Subject permissions) {
        int colon = exposed.lastIndexOf(": ");
        permissions.wrong(exposed.substring(0, colon), exposed.substring(colon + 2));
    }

    /** @return whether the server itself has answered */
    private static boolean examine(URI url, Result result, Subject server, Subject token) {
        if (result.accepted()) {
            server.ok(url + " takes samples");
            return true;
        }
        Reason reason = result.reason().orElseThrow();
        switch (reason) {
            case EXPOSED_SECRET -> {
                // Each was named already.
                server.note("nothing can be sent to it with a secret that is not used", "chmod first, as above");
                return false;
            }
            case TOKEN_FILE -> {
                token.wrong(result.message(), "write the token into that file, mode 0600, owned by the agent");
                return false;
            }
            case HTTP_401, HTTP_403, HTTP_400_TOKEN -> {
                token.wrong(
                        result.message(),
                        "put the token that the server knows into token.file; it is read at every upload");
                return true;
            }
            default -> {
                server.wrong(result.message(), advice(reason, url));
                // A server that answers with an error exists; a portal is another server.
                return reason.ofServer();
            }
        }
    }

    private static String advice(Reason reason, URI url) {
        String host = String.valueOf(url.getRawAuthority()).replaceFirst(":\\d*$", "");
        return switch (reason) {
            case UNKNOWN_HOST -> "getent hosts " + host + "; is the network up, is url right?";
            case CONNECT -> "start VictoriaMetrics on " + host + ", or open its port in the firewall";
            case NO_NETWORK -> "ip route; is a modem on, a cable plugged in, a Wi-Fi joined?";
            case NO_ROUTE -> "ip route get " + host + "; is the network up?";
            case NETWORK -> "ping " + host + "; does the network break, or a proxy close connections?";
            case TIMEOUT -> "ping " + host + "; is the network very slow, or a firewall silent?";
            case TLS -> "renew the server's certificate, or name its authority in ca.file; the clock must be right";
            case TLS_FILE -> "fix ca.file, client.cert.file or client.key.file in " + ServerProbe.PID + ".cfg";
            case PROXY -> "fix proxy in " + ServerProbe.PID + ".cfg, or the proxy";
            case INTERCEPTED -> "log in to the network, top up the SIM, or fix url";
            case UNKNOWN_PEER ->
                "curl -v " + url + "; if that is your server, set peer = any in " + ServerProbe.PID + ".cfg";
            case HTTP_404, HTTP_405, HTTP_400_PATH -> "fix the path of url: /api/v1/import on a single server";
            case HTTP_429 -> "wait, or give the server more room; the agent retries";
            case HTTP_408, HTTP_400_BODY -> "nothing: the agent sends smaller requests";
            default -> "see the log of the server, and of the proxy before it; the agent retries";
        };
    }

    /** Even without a server: nothing that was built later can run. */
    private boolean isPlausible(Subject clock) {
        Instant built = Instant.parse(Build.resource("built"));
        if (surroundings.clock().instant().isBefore(built)) {
            clock.wrong("it says " + surroundings.clock().instant() + ", before this agent was built", CLOCK_ADVICE);
            return false;
        }
        return true;
    }

    private void clock(Skew skew, Subject clock) {
        Duration offset = skew.value();
        Duration off = offset.abs().minus(skew.accuracy());
        String amount = Amounts.time(offset.abs()) + (offset.isNegative() ? " behind" : " ahead of") + " the server's";
        if (off.compareTo(surroundings.folders().duration(CLOCK_PID, CLOCK_KEY, CLOCK_DEFAULT)) > 0) {
            clock.wrong("it is " + amount, CLOCK_ADVICE + "; or it is the server's that is wrong");
        } else {
            clock.ok("it agrees with the server's");
        }
    }
}
