package io.tidewatch.collector.links;

import io.tidewatch.api.collector.Diagnostics;
import io.tidewatch.httpclient.Credentials;
import io.tidewatch.httpclient.Deadline;
import io.tidewatch.httpclient.HttpTarget;
import io.tidewatch.json.JsonPath;
import io.tidewatch.json.JsonTree;
import io.tidewatch.json.JsonTree.Node;
import io.tidewatch.json.JsonTree.ObjectNode;
import io.tidewatch.json.JsonTypeException;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.net.ConnectException;
import java.net.SocketTimeoutException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.stream.Stream;

/**
 * The WebSocket of CeraUI. A pass logs in, takes the first {@code status} with {@code linkTelemetry}, and leaves: a conversation that
 * lasted would have to be kept alive every 15 s.
 *
 * <pre>
 * &gt; {"auth":{"token":"…"}}
 * &lt; {"auth":{"success":true}}
 * &lt; {"status":{"linkTelemetry":{"links":[{"conn_id":"0","iface":"wwan0","rtt_ms":42,"nak_count":3,"weight_percent":85,
 *    "bitrate_bps":2500000,"bytes_sent_total":91234567,"stale":false}],"measured_bps":3700000}}}
 * </pre>
 *
 * <p>{@code linkTelemetry} is null while no sender runs. Everything else that CeraUI tells, some of it private, is skipped unread.
 *
 * <p>Source: CeraUI, packages/rpc/src/schemas/status.schema.ts.
 */
final class CeraUi extends LinkSource {
    /** It is told every second. */
    private static final Duration LONGEST_WAIT = Duration.ofSeconds(3);

    private static final String STATUS = "status";
    private static final String TELEMETRY = "linkTelemetry";
    private static final String LINKS = "links";

    private final HttpTarget target;
    private final Path token;
    private final JsonTree tree = new JsonTree(
            Stream.concat(Stream.of(JsonPath.ofFields("auth", "success")), SenderStats.paths(STATUS, TELEMETRY, LINKS))
                    .toList());

    CeraUi(HttpTarget target, Path token) {
        super(Kind.CERAUI, "link telemetry of CeraUI at " + target.url());
        this.target = target;
        this.token = token;
    }

    @Override
    Optional<List<LinkReading>> read(Uplinks uplinks, Deadline deadline, Diagnostics diagnostics) throws IOException {
        boolean loggedIn = false;
        try {
            String secret = Credentials.token(token).replace("\\", "\\\\").replace("\"", "\\\"");
            Duration limit = Duration.ofMillis(Math.min(deadline.millisLeft(), LONGEST_WAIT.toMillis()));
            try (WebSocketWire socket = WebSocketWire.open(target, new Deadline(limit))) {
                socket.send("{\"auth\":{\"token\":\"" + secret + "\"}}");
                while (true) {
                    ObjectNode message = SenderStats.object(
                            tree, new ByteArrayInputStream(socket.next().getBytes(StandardCharsets.UTF_8)));
                    loggedIn |= isLogin(message);
                    if (message.fields().get(STATUS) instanceof ObjectNode status
                            && status.fields().containsKey(TELEMETRY)) {
                        return links(status, uplinks, diagnostics);
                    }
                }
            }
        } catch (ConnectException e) {
            return Optional.empty(); // CeraUI does not run
        } catch (IOException e) {
            if (loggedIn && e instanceof SocketTimeoutException) {
                return Optional.empty(); // nothing to tell: no sender runs
            }
            throw failed(e);
        }
    }

    private static boolean isLogin(ObjectNode message) throws IOException {
        if (!(message.fields().get("auth") instanceof ObjectNode auth)) {
            return false;
        }
        if (!auth.flag("success").orElse(false)) {
            throw new IOException("it refuses the token; write a valid one into ceraui.token.file");
        }
        return true;
    }

    private static Optional<List<LinkReading>> links(ObjectNode status, Uplinks uplinks, Diagnostics diagnostics)
            throws IOException {
        Node telemetry = Objects.requireNonNull(status.fields().get(TELEMETRY));
        if (SenderStats.isNull(telemetry)) {
            return Optional.empty();
        }
        if (!(telemetry instanceof ObjectNode object)) {
            throw new JsonTypeException(TELEMETRY, "an object", telemetry);
        }
        if (!object.fields().containsKey(LINKS)) {
            throw new IOException(TELEMETRY + " has no " + LINKS);
        }
        return SenderStats.links(object, LINKS, uplinks, diagnostics);
    }
}
