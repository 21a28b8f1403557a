package io.tidewatch.collector.links;

import io.tidewatch.api.collector.Diagnostics;
import io.tidewatch.api.collector.Quote;
import io.tidewatch.api.config.FileFailure;
import io.tidewatch.httpclient.Deadline;
import io.tidewatch.httpclient.HttpTarget;
import io.tidewatch.httpclient.Wire;
import io.tidewatch.json.JsonPath;
import io.tidewatch.json.JsonTree;
import io.tidewatch.json.JsonTree.ObjectNode;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.EOFException;
import java.io.IOException;
import java.io.InputStream;
import java.net.ConnectException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;

/**
 * The control socket of a sender: a Unix socket that answers JSON-RPC 2.0, one message per line. srtla_send
 * ({@code --control-socket /tmp/srtla.sock}) answers with {@code links}, srtla-send-rs
 * ({@code /tmp/srtla-send-control-<port>.sock}) with the document of its statistics file.
 *
 * <p>Source: srtla_send, docs/CONTROL_PROTOCOL.md.
 */
final class ControlSocket extends LinkSource {
    private static final byte[] REQUEST =
            "{\"jsonrpc\":\"2.0\",\"id\":1,\"method\":\"get_stats\"}\n".getBytes(StandardCharsets.US_ASCII);
    private static final int LONGEST = 1 << 20;
    private static final String RESULT = "result";

    private final Path socket;
    private final JsonTree tree = new JsonTree(Stream.of(
                    SenderStats.paths(RESULT, "links"),
                    SenderStats.paths(RESULT, "connections"),
                    Stream.of(JsonPath.ofFields("error", "message")))
            .flatMap(paths -> paths)
            .toList());

    ControlSocket(Path socket) {
        super(Kind.CONTROL_SOCKET, "control socket " + socket);
        this.socket = socket;
    }

    @Override
    Optional<List<LinkReading>> read(Uplinks uplinks, Deadline deadline, Diagnostics diagnostics) throws IOException {
        if (!Files.exists(socket)) {
            return Optional.empty(); // no sender runs
        }
        byte[] answer;
        try {
            answer = ask(deadline);
        } catch (ConnectException e) {
            return Optional.empty(); // left behind by one
        } catch (IOException e) {
            throw FileFailure.isPermission(e)
                    ? new IOException(
                            "the " + described + " cannot be read: " + e.getMessage()
                                    + "; the user of the agent needs write permission on it",
                            e)
                    : failed(e);
        }
        try {
            return Optional.of(links(answer, uplinks, diagnostics));
        } catch (IOException e) {
            throw new IOException("the answer of the " + described + " cannot be read: " + e.getMessage(), e);
        }
    }

    private byte[] ask(Deadline deadline) throws IOException {
        try (Wire wire = Wire.connect(HttpTarget.ofSocket(socket, "/"), deadline)) {
            wire.send(REQUEST);
            InputStream in = wire.input();
            ByteArrayOutputStream line = new ByteArrayOutputStream();
            byte[] part = new byte[8 << 10];
            while (line.size() <= LONGEST) {
                int read = in.read(part, 0, part.length);
                if (read < 0) {
                    throw new EOFException("it closed before the end of its answer");
                }
                for (int i = 0; i < read; i++) {
                    if (part[i] == '\n') {
                        line.write(part, 0, i);
                        return line.toByteArray();
                    }
                }
                line.write(part, 0, read);
            }
            throw new IOException("its answer is longer than " + LONGEST + " bytes");
        }
    }

    private List<LinkReading> links(byte[] answer, Uplinks uplinks, Diagnostics diagnostics) throws IOException {
        ObjectNode document = SenderStats.object(tree, new ByteArrayInputStream(answer));
        if (document.fields().get("error") instanceof ObjectNode error) {
            throw new IOException("it is the error '"
                    + Quote.of(error.text("message").orElse("unknown"), LinkReading.LONGEST_QUOTE) + "'");
        }
        if (!(document.fields().get(RESULT) instanceof ObjectNode result)) {
            throw new IOException("it has no " + RESULT);
        }
        Optional<List<LinkReading>> links = SenderStats.links(result, "links", uplinks, diagnostics);
        if (links.isEmpty()) {
            links = SenderStats.links(result, "connections", uplinks, diagnostics);
        }
        return links.orElseThrow(() -> new IOException("it has neither links nor connections"));
    }
}
