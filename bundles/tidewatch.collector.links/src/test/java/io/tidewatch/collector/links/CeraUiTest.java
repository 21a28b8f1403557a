package io.tidewatch.collector.links;

import static io.tidewatch.collector.links.CeraUiServer.frame;
import static io.tidewatch.collector.links.CeraUiServer.texts;
import static io.tidewatch.collector.links.CeraUiServer.thenSilent;
import static io.tidewatch.collector.links.Encoder.damage;
import static io.tidewatch.collector.links.Encoder.fixture;
import static io.tidewatch.collector.links.Encoder.notes;
import static io.tidewatch.collector.links.Encoder.values;
import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.params.provider.Arguments.arguments;

import io.tidewatch.testing.config.SecretFile;
import io.tidewatch.testing.server.PageServer;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

/** The WebSocket of CeraUI. */
class CeraUiTest {
    private static final String LOGIN = "{\"auth\":{\"success\":true,\"auth_token\":\"t0ken\"}}";
    private static final String OTHER = "{\"netif\":{\"wwan0\":{\"ip\":\"10.0.0.2\",\"tp\":125000,\"enabled\":true}}}";

    private static final Map<String, Double> WHOLE = Map.of(
            "link.up[wwan0, ceraui]", 1.0,
            "link.rtt_ms[wwan0, ceraui]", 42.0,
            "link.naks_total[wwan0, ceraui]", 3.0,
            "link.weight_percent[wwan0, ceraui]", 85.0,
            "link.bitrate_bps[wwan0, ceraui]", 2_500_000.0,
            "link.sent_bytes_total[wwan0, ceraui]", 91_234_567.0,
            "link.up[wwan1, ceraui]", 0.0,
            "link.active[ceraui]", 1.0);

    @TempDir
    Path folder;

    private CeraUiServer server;
    private Encoder encoder;
    private LinksCollector collector;

    @BeforeEach
    void start() throws Exception {
        server = new CeraUiServer(0, texts(OTHER, LOGIN, "{\"status\":{\"is_streaming\":true}}", status()));
        Path token = SecretFile.write(folder.resolve("token"), "t0\"ken\\\n");
        encoder = new Encoder(folder)
                .with("ceraui.url", "ws://127.0.0.1:" + server.port() + "/")
                .with("ceraui.token.file", token.toString());
        collector = encoder.collector();
    }

    private static String status() throws IOException {
        return fixture("ceraui-status.json");
    }

    @AfterEach
    void stop() throws Exception {
        server.close();
    }

    @Test
    void logsInAndReportsTheLinks() throws Exception {
        assertThat(values(collector.collect())).isEqualTo(WHOLE);
        assertThat(collector.diagnostics()).isEmpty();
        assertThat(server.message()).isEqualTo("{\"auth\":{\"token\":\"t0\\\"ken\\\\\"}}");
        assertThat(server.head()).startsWith("GET / HTTP/1.1\r\n").contains("\r\nSec-WebSocket-Version: 13\r\n");
    }

    /** As RFC 6455 allows a server to cut and to mix. */
    @Test
    void messagesInPiecesAndPingsBetweenThemAreRead() throws Exception {
        server.answer(thenSilent(out -> {
            String text = status();
            out.write(frame(0x89, "ping"));
            out.write(frame(0x8A, ""));
            out.write(frame(0x01, text.substring(0, 40)));
            out.write(frame(0x89, ""));
            out.write(frame(0x00, text.substring(40, 41)));
            out.write(frame(0x80, text.substring(41)));
        }));
        assertThat(values(collector.collect())).isEqualTo(WHOLE);
        assertThat(collector.diagnostics()).isEmpty();
    }

    @Test
    void withoutAStreamThereAreNoLinks() throws Exception {
        for (String telemetry : new String[] {"null", "{\"links\":null}"}) {
            server.answer(texts(LOGIN, "{\"status\":{\"linkTelemetry\":" + telemetry + "}}"));
            assertThat(collector.collect()).isEmpty();
            assertThat(damage(collector)).isEmpty();
            assertThat(notes(collector)).singleElement().asString().contains("no link telemetry of CeraUI at http://");
        }
        collector.reconfigure(encoder.config(), Encoder.IMPATIENT);
        server.answer(texts(LOGIN, OTHER));
        assertThat(collector.collect()).isEmpty();
        assertThat(damage(collector)).isEmpty();
        collector.reconfigure(encoder.config(), Encoder.PATIENT);
        server.answer(texts(LOGIN, status()));
        assertThat(values(collector.collect())).isEqualTo(WHOLE);
    }

    @Test
    void aStateThatCannotBeReadIsNotKnown() throws Exception {
        server.answer(texts(LOGIN, status().replace("\"stale\":false", "\"stale\":\"no\"")));
        assertThat(values(collector.collect()))
                .doesNotContainKeys("link.up[wwan0, ceraui]", "link.active[ceraui]")
                .containsEntry("link.rtt_ms[wwan0, ceraui]", 42.0)
                .containsEntry("link.up[wwan1, ceraui]", 0.0);
        assertThat(damage(collector))
                .containsExactly("link wwan0: stale: expected true or false, found the string 'no'");
    }

    @Test
    void aCeraUiThatDoesNotRunIsNoDamage() throws Exception {
        int port = server.port();
        server.close();
        assertThat(collector.collect()).isEmpty();
        assertThat(damage(collector)).isEmpty();
        server = new CeraUiServer(port, texts(LOGIN, status()));
        assertThat(values(collector.collect())).isEqualTo(WHOLE);
    }

    @ParameterizedTest
    @MethodSource
    void whatIsWrongIsNamedAndTheNextPassIsWhole(CeraUiServer.Answer answer, String problem) throws Exception {
        server.answer(answer);
        boolean hangs = problem.contains("the sender hangs");
        collector.reconfigure(encoder.config(), hangs ? Encoder.IMPATIENT : Encoder.PATIENT);
        assertThat(collector.collect()).isEmpty();
        collector.reconfigure(encoder.config(), Encoder.PATIENT);
        assertThat(damage(collector))
                .singleElement()
                .asString()
                .startsWith("the link telemetry of CeraUI at http://127.0.0.1:" + server.port() + "/ cannot be read: ")
                .contains(problem)
                .doesNotContain("t0");
        server.answer(texts(LOGIN, status()));
        assertThat(values(collector.collect())).isEqualTo(WHOLE);
        assertThat(collector.diagnostics()).isEmpty();
    }

    static Stream<Arguments> whatIsWrongIsNamedAndTheNextPassIsWhole() {
        return Stream.of(
                arguments(texts("{\"auth\":{\"success\":false}}"), "it refuses the token; write a valid one"),
                arguments(texts("{\"auth\":{}}"), "it refuses the token"),
                arguments(texts("{\"auth\":{\"success\":\"yes\"}}"), "success: expected true or false"),
                arguments(texts("<html>"), "line 1, column 1"),
                arguments(texts("[1]"), "expected an object, found an array"),
                arguments(texts(LOGIN, "{\"status\":{\"linkTelemetry\":{\"links\":7}}}"), "links: expected an array"),
                arguments(texts(LOGIN, "{\"status\":{\"linkTelemetry\":{\"link\":[]}}}"), "linkTelemetry has no links"),
                arguments(texts(LOGIN, "{\"status\":{\"linkTelemetry\":7}}"), "linkTelemetry: expected an object"),
                arguments((CeraUiServer.Answer) out -> out.write(frame(0x88, "")), "it ended the conversation"),
                arguments((CeraUiServer.Answer) out -> {}, "cannot be read: the connection broke"),
                arguments(
                        (CeraUiServer.Answer) out -> out.write(new byte[] {(byte) 0x81, 100, '{'}),
                        "it closed in the middle of a message"),
                arguments(
                        (CeraUiServer.Answer) out -> out.write(new byte[] {(byte) 0x81, 127, 0, 0, 0, 1, 0, 0, 0, 0}),
                        "it sent a message of more than 1048576 bytes"),
                arguments((CeraUiServer.Answer) out -> out.write(frame(0x82, "x")), "it sent a frame of the kind 2"),
                arguments(
                        (CeraUiServer.Answer) out -> out.write(new byte[] {(byte) 0x81, (byte) 0x81, 0, 0, 0, 0, 'x'}),
                        "it sent a masked frame"),
                arguments(texts(), " ms; the sender hangs"));
    }

    @Test
    void anotherServerIsNamed() throws Exception {
        try (PageServer page = new PageServer(PageServer.page("text/html", "<html>"))) {
            LinksCollector wrong = encoder.with("ceraui.url", "http://127.0.0.1:" + page.port() + "/")
                    .collector();
            assertThat(wrong.collect()).isEmpty();
            assertThat(damage(wrong)).singleElement().asString().contains("the answer is 200, not that of a WebSocket");
            page.answer(PageServer.raw("HTTP/1.1 101 Switching Protocols\r\nSec-WebSocket-Accept: x\r\n\r\n"));
            assertThat(wrong.collect()).isEmpty();
            assertThat(damage(wrong)).singleElement().asString().contains("the answer is of another handshake");
        }
    }

    @Test
    void aTokenThatCannotBeUsedIsNamed() throws Exception {
        Files.delete(folder.resolve("token"));
        assertThat(collector.collect()).isEmpty();
        assertThat(damage(collector)).singleElement().asString().contains("token is not used: no such file");
        SecretFile.write(folder.resolve("token"), "t");
        assertThat(values(collector.collect())).isEqualTo(WHOLE);
        assertThat(server.message().getBytes(StandardCharsets.UTF_8)).hasSize(22);
    }
}
