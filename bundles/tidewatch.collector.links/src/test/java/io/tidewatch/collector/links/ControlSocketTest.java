package io.tidewatch.collector.links;

import static io.tidewatch.collector.links.Encoder.damage;
import static io.tidewatch.collector.links.Encoder.fixture;
import static io.tidewatch.collector.links.Encoder.notes;
import static io.tidewatch.collector.links.Encoder.values;
import static io.tidewatch.testing.server.PageServer.raw;
import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.params.provider.Arguments.arguments;

import io.tidewatch.testing.server.PageServer;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.StandardProtocolFamily;
import java.net.UnixDomainSocketAddress;
import java.nio.channels.SelectionKey;
import java.nio.channels.Selector;
import java.nio.channels.ServerSocketChannel;
import java.nio.channels.SocketChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import java.util.concurrent.CountDownLatch;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

/** The control sockets of both senders. */
class ControlSocketTest {
    private static final Map<String, Double> WHOLE = Map.ofEntries(
            Map.entry("link.up[wwan0, control_socket]", 1.0),
            Map.entry("link.rtt_ms[wwan0, control_socket]", 42.0),
            Map.entry("link.rtt_min_ms[wwan0, control_socket]", 38.5),
            Map.entry("link.naks_total[wwan0, control_socket]", 3.0),
            Map.entry("link.window[wwan0, control_socket]", 8192.0),
            Map.entry("link.in_flight[wwan0, control_socket]", 100.0),
            Map.entry("link.bitrate_bps[wwan0, control_socket]", 2_500_000.0),
            Map.entry("link.quality_multiplier[wwan0, control_socket]", 0.95),
            Map.entry("link.stalled[wwan0, control_socket]", 1.0),
            Map.entry("link.stalls_total[wwan0, control_socket]", 2.0),
            Map.entry("link.pauses_total[wwan0, control_socket]", 7.0),
            Map.entry("link.up[wwan1, control_socket]", 0.0),
            Map.entry("link.rtt_min_ms[wwan1, control_socket]", 200.0),
            Map.entry("link.naks_total[wwan1, control_socket]", 9.0),
            Map.entry("link.window[wwan1, control_socket]", 1000.0),
            Map.entry("link.in_flight[wwan1, control_socket]", 0.0),
            Map.entry("link.quality_multiplier[wwan1, control_socket]", 1.0),
            Map.entry("link.active[control_socket]", 1.0));

    @TempDir
    Path folder;

    private Path socket;
    private PageServer sender;
    private Encoder encoder;
    private LinksCollector collector;

    @BeforeEach
    void start() throws Exception {
        socket = folder.resolve("srtla.sock");
        sender = new PageServer(raw(fixture("get_stats.json")), socket, "\n");
        encoder = new Encoder(folder).withLinks().with("control.socket", socket.toString());
        collector = encoder.collector();
    }

    @AfterEach
    void stop() throws Exception {
        sender.close();
    }

    @Test
    void reportsTheLinksOfSrtlaSend() throws Exception {
        assertThat(values(collector.collect())).isEqualTo(WHOLE);
        assertThat(collector.diagnostics()).isEmpty();
        assertThat(sender.request()).isEqualTo("{\"jsonrpc\":\"2.0\",\"id\":1,\"method\":\"get_stats\"}\n");
    }

    @Test
    void reportsTheConnectionsOfSrtlaSendRs() throws Exception {
        sender.answer(raw("{\"jsonrpc\":\"2.0\",\"id\":1,\"result\":"
                + fixture("srtla-send-rs.json").strip() + "}\n{\"jsonrpc\":\"2.0\",\"method\":\"stats.update\"}\n"));
        assertThat(values(collector.collect()))
                .containsEntry("link.up[wwan0, control_socket]", 1.0)
                .containsEntry("link.bitrate_bps[wwan0, control_socket]", 2_500_000.0)
                .hasSize(8);
    }

    @Test
    void aStateThatCannotBeReadIsNotKnown() throws Exception {
        sender.answer(
                raw(fixture("get_stats.json").replace("\"connected\":true,\"timed_out\":false", "\"connected\":1")));
        assertThat(values(collector.collect()))
                .doesNotContainKeys("link.up[wwan0, control_socket]", "link.active[control_socket]")
                .containsEntry("link.rtt_ms[wwan0, control_socket]", 42.0);
        assertThat(damage(collector)).containsExactly("link wwan0: connected: expected true or false, found '1'");
        sender.answer(raw(fixture("get_stats.json").replace("\"stall_gated\":true", "\"stall_gated\":\"?\"")));
        assertThat(values(collector.collect())).hasSize(WHOLE.size() - 1);
        assertThat(damage(collector)).singleElement().asString().contains("stall_gated");
        sender.answer(raw(fixture("get_stats.json")));
        assertThat(values(collector.collect())).isEqualTo(WHOLE);
    }

    @ParameterizedTest
    @MethodSource
    void anAnswerThatIsNoneIsNamedAndTheNextPassIsWhole(PageServer.Answer answer, String problem) throws Exception {
        sender.answer(answer);
        boolean hangs = problem.contains("the sender hangs");
        collector.reconfigure(encoder.config(), hangs ? Encoder.IMPATIENT : Encoder.PATIENT);
        assertThat(collector.collect()).isEmpty();
        collector.reconfigure(encoder.config(), Encoder.PATIENT);
        assertThat(damage(collector))
                .singleElement()
                .asString()
                .contains("the control socket " + socket + " cannot be read: ")
                .contains(problem);
        sender.answer(raw(fixture("get_stats.json")));
        assertThat(values(collector.collect())).isEqualTo(WHOLE);
        assertThat(collector.diagnostics()).isEmpty();
    }

    static Stream<Arguments> anAnswerThatIsNoneIsNamedAndTheNextPassIsWhole() {
        CountDownLatch never = new CountDownLatch(1);
        return Stream.of(
                arguments(
                        raw(
                                "{\"jsonrpc\":\"2.0\",\"error\":{\"code\":-32601,\"message\":\"method not found\"},\"id\":1}\n"),
                        "it is the error 'method not found'"),
                arguments(raw("{\"jsonrpc\":\"2.0\",\"error\":{\"code\":-32601},\"id\":1}\n"), "the error 'unknown'"),
                arguments(raw("{\"jsonrpc\":\"2.0\",\"id\":1}\n"), "it has no result"),
                arguments(raw("{\"result\":{}}\n"), "it has neither links nor connections"),
                arguments(raw("{\"result\":{\"links\":7}}\n"), "links: expected an array, found '7'"),
                arguments(raw("{\"result\":{\"lin\n"), "line 1"),
                arguments(raw("\n"), "found nothing"),
                arguments(raw("{\"result\":{\"lin"), "it closed before the end of its answer"),
                arguments(raw(""), "it closed before the end of its answer"),
                arguments(raw("x".repeat((1 << 20) + 1)), "its answer is longer than 1048576 bytes"),
                arguments((PageServer.Answer) out -> never.await(), "within 300 ms; the sender hangs"));
    }

    /** To close with a request that was not read resets the connection: the rights are not the reason. */
    @Test
    void aSenderThatDiesBeforeItReadsIsNamed() throws Exception {
        sender.close();
        Files.delete(socket);
        try (ServerSocketChannel server = ServerSocketChannel.open(StandardProtocolFamily.UNIX)) {
            server.bind(UnixDomainSocketAddress.of(socket));
            Thread killed = new Thread(() -> {
                try (SocketChannel client = server.accept();
                        Selector readable = Selector.open()) {
                    client.configureBlocking(false).register(readable, SelectionKey.OP_READ);
                    readable.select();
                } catch (IOException e) {
                    throw new UncheckedIOException(e);
                }
            });
            killed.start();
            assertThat(collector.collect()).isEmpty();
            killed.join();
        }
        assertThat(damage(collector))
                .singleElement()
                .asString()
                .contains("check that the program runs")
                .doesNotContain("permission");
        Files.delete(socket);
        sender = new PageServer(raw(fixture("get_stats.json")), socket, "\n");
        assertThat(values(collector.collect())).isEqualTo(WHOLE);
    }

    @Test
    void aSocketThatASenderLeftBehindIsNoSender() throws Exception {
        sender.close();
        assertThat(Files.exists(socket)).isTrue();
        assertThat(values(collector.collect())).containsKey("link.active[ips_file]");
        assertThat(damage(collector)).isEmpty();
        Files.delete(socket);
        assertThat(values(collector.collect())).containsKey("link.active[ips_file]");
        sender = new PageServer(raw(fixture("get_stats.json")), socket, "\n");
        assertThat(values(collector.collect())).isEqualTo(WHOLE);
        assertThat(notes(collector)).isEmpty();
    }

    @Test
    void aFileInPlaceOfTheSocketIsNoSender() throws Exception {
        sender.close();
        Files.delete(socket);
        Files.writeString(socket, "x");
        assertThat(values(collector.collect())).containsKey("link.active[ips_file]");
        assertThat(damage(collector)).isEmpty();
    }
}
