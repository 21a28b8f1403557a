package io.tidewatch.command.doctor;

import io.tidewatch.api.config.InvalidSettingException;
import io.tidewatch.api.config.Setting;
import io.tidewatch.command.agent.Surroundings;
import io.tidewatch.command.console.Amounts;
import io.tidewatch.command.console.Build;
import io.tidewatch.uploader.victoriametrics.ServerProbe;
import io.tidewatch.uploader.victoriametrics.ServerProbe.Result;
import io.tidewatch.uploader.victoriametrics.ServerProbe.Skew;
import java.net.URI;
import java.time.Duration;
import java.time.Instant;
import java.util.Optional;

/** Whether samples would arrive: the server and the way to it, the token, the clock, and what the server reports. */
public final class ServerExamination {
    private static final String SERVER = "server";
    private static final String TOKEN = "token";
    private static final String CLOCK = "clock";

    private static final String CLOCK_PID = "tidewatch.clockskew";
    private static final String CLOCK_KEY = "warn.threshold";
    public static final String CLOCK_DEFAULT = "2s";

    private static final String SERVER_FIRST = "fix the way to the server first";
    private static final String CLOCK_ADVICE = "timedatectl set-ntp true, and let it reach its time server";

    private final Surroundings surroundings;

    public ServerExamination(Surroundings surroundings) {
        this.surroundings = surroundings;
    }

    public void examine(Diagnosis diagnosis) {
        try (ServerProbe probe = new ServerProbe(
                surroundings.folders().readableSettings(ServerProbe.PID),
                surroundings.version(),
                surroundings.clock())) {
            probe.exposedSecrets().forEach(exposed -> secret(exposed, diagnosis));
            boolean plausible = isPlausible(diagnosis);
            Optional<URI> url = probe.url();
            if (url.isEmpty()) {
                diagnosis.note(
                        SERVER,
                        "none: samples are only stored",
                        "write url into " + ServerProbe.PID + ".cfg if they are to be delivered");
                return;
            }
            if (probe.sendsSecretsInTheClear()) {
                diagnosis.note(
                        TOKEN,
                        "it goes unencrypted to another host, where anyone on the way can read it",
                        "https in url, or an encrypted network");
            }
            Result result = probe.send();
            boolean reached = examine(url.get(), result, diagnosis);
            if (plausible) {
                result.skew()
                        .filter(skew -> reached)
                        .ifPresentOrElse(
                                skew -> clock(skew, diagnosis),
                                () -> diagnosis.note(
                                        CLOCK, "not compared: the server has not said its time", SERVER_FIRST));
            }
            if (reached) {
                new ServerReportExamination(surroundings.folders()).examine(probe, diagnosis);
            } else {
                diagnosis.note(
                        ServerReportExamination.DUPLICATES, "not asked for: the server is not reached", SERVER_FIRST);
            }
        }
    }

    private static void secret(String exposed, Diagnosis diagnosis) {
        int colon = exposed.lastIndexOf(": ");
        diagnosis.wrong("permissions", exposed.substring(0, colon), exposed.substring(colon + 2));
    }

    /** @return whether the server itself has answered */
    private static boolean examine(URI url, Result result, Diagnosis diagnosis) {
        String reason = result.reason();
        switch (reason) {
            case "" -> {
                diagnosis.ok(SERVER, url + " takes samples");
                return true;
            }
            case "exposed_secret" -> {
                // Each was named already.
                diagnosis.note(
                        SERVER, "nothing can be sent to it with a secret that is not used", "chmod first, as above");
                return false;
            }
            case "token_file" -> {
                diagnosis.wrong(
                        TOKEN, result.message(), "write the token into that file, mode 0600, owned by the agent");
                return false;
            }
            case "http_401", "http_403", "http_400_token" -> {
                diagnosis.wrong(
                        TOKEN,
                        result.message(),
                        "put the token that the server knows into token.file; it is read at every upload");
                return true;
            }
            default -> {
                diagnosis.wrong(SERVER, result.message(), advice(reason, url));
                // Who answers with an error of its own is there; a portal is somebody else.
                return reason.startsWith("http_") || reason.equals("refused");
            }
        }
    }

    private static String advice(String reason, URI url) {
        String host = String.valueOf(url.getRawAuthority()).replaceFirst(":\\d*$", "");
        return switch (reason) {
            case "unknown_host" -> "getent hosts " + host + "; is the network up, is url right?";
            case "connect" -> "start VictoriaMetrics on " + host + ", or open its port in the firewall";
            case "no_network" -> "ip route; is a modem on, a cable plugged in, a Wi-Fi joined?";
            case "no_route" -> "ip route get " + host + "; is the network up?";
            case "network" -> "ping " + host + "; does the network break, or a proxy close connections?";
            case "timeout" -> "ping " + host + "; is the network very slow, or a firewall silent?";
            case "tls" -> "renew the server's certificate, or name its authority in ca.file; the clock must be right";
            case "tls_file" -> "fix ca.file, client.cert.file or client.key.file in " + ServerProbe.PID + ".cfg";
            case "proxy" -> "fix proxy in " + ServerProbe.PID + ".cfg, or the proxy";
            case "intercepted" -> "log in to the network, top up the SIM, or fix url";
            case "unknown_peer" ->
                "curl -v " + url + "; if that is your server, set peer = any in " + ServerProbe.PID + ".cfg";
            case "http_404", "http_405", "http_400_path" -> "fix the path of url: /api/v1/import on a single server";
            case "http_429" -> "wait, or give the server more room; the agent retries";
            case "http_408", "http_400_body" -> "nothing: the agent sends smaller requests";
            default -> "see the log of the server, and of the proxy before it; the agent tries again by itself";
        };
    }

    /** Even without a server: nothing that was built later can run. */
    private boolean isPlausible(Diagnosis diagnosis) {
        Instant built = Instant.parse(Build.resource("built"));
        if (surroundings.clock().instant().isBefore(built)) {
            diagnosis.wrong(
                    CLOCK, "it says " + surroundings.clock().instant() + ", before this agent was built", CLOCK_ADVICE);
            return false;
        }
        return true;
    }

    private void clock(Skew skew, Diagnosis diagnosis) {
        Duration offset = skew.offset();
        Duration off = offset.abs().minus(skew.uncertainty());
        String amount = Amounts.time(offset.abs()) + (offset.isNegative() ? " behind" : " ahead of") + " the server's";
        if (off.compareTo(threshold()) > 0) {
            diagnosis.wrong(CLOCK, "it is " + amount, CLOCK_ADVICE + "; or it is the server's that is wrong");
        } else {
            diagnosis.ok(CLOCK, "it agrees with the server's");
        }
    }

    private Duration threshold() {
        try {
            return Setting.duration(
                    CLOCK_KEY,
                    surroundings.folders().readableSettings(CLOCK_PID).getOrDefault(CLOCK_KEY, CLOCK_DEFAULT));
        } catch (InvalidSettingException e) {
            return Setting.duration(CLOCK_KEY, CLOCK_DEFAULT);
        }
    }
}
