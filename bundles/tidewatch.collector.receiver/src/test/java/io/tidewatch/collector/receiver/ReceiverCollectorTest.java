package io.tidewatch.collector.receiver;

import static io.tidewatch.testing.server.PageServer.page;
import static io.tidewatch.testing.server.PageServer.raw;
import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.params.provider.Arguments.arguments;

import io.tidewatch.api.collector.Collector;
import io.tidewatch.api.collector.Diagnostic;
import io.tidewatch.api.collector.Sample;
import io.tidewatch.testing.collector.CollectorContract;
import io.tidewatch.testing.collector.DocumentedCollector;
import io.tidewatch.testing.collector.InterruptedPass;
import io.tidewatch.testing.collector.RealMachine;
import io.tidewatch.testing.config.SecretFile;
import io.tidewatch.testing.config.TypedConfiguration;
import io.tidewatch.testing.server.PageServer;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
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
import org.junit.jupiter.params.provider.ValueSource;

/** Receivers that print captured pages, and others. The digits of keys: {@code printf %s KEY | sha256sum | cut -c1-8}. */
class ReceiverCollectorTest implements CollectorContract, DocumentedCollector {
    private static final String ALICE = "017247b8";
    private static final String SECRET = "s3cr3t-play-id";
    private static final String PLAYER = new Publishers(Map.of()).tag(SECRET);

    private static final Map<String, Double> WHOLE = Map.of(
            "receiver.up[]",
            1.0,
            "receiver.publishing[" + PLAYER + "]",
            1.0,
            "receiver.bitrate_bps[" + PLAYER + "]",
            16_363_000.0,
            "receiver.buffer_ms[" + PLAYER + "]",
            1995.0,
            "receiver.dropped_packets_total[" + PLAYER + "]",
            45.0,
            "receiver.latency_ms[" + PLAYER + "]",
            2000.0,
            "receiver.rtt_ms[" + PLAYER + "]",
            30.2,
            "receiver.uptime_seconds[" + PLAYER + "]",
            3600.0);

    @TempDir
    Path folder;

    private PageServer receiver;

    @BeforeEach
    void start() throws Exception {
        receiver = new PageServer(json(fixture("openirl.json")));
    }

    @AfterEach
    void stop() throws Exception {
        receiver.close();
    }

    @Override
    public Collector typicalCollector() throws Exception {
        receiver.answer(json(fixture("irl-srt-server.json")
                .replace("\"rtt\":54.5", "\"rtt\":54.5,\"throughput\":6200,\"peers\":[{\"bitrate\":6120}]")));
        return collector("url", url("/stats"));
    }

    @Override
    public String file() {
        return ReceiverCollector.PID + "-<name>.cfg";
    }

    @Test
    void reportsThePublisherOfAPlayerIdWithoutTellingIt() throws Exception {
        ReceiverCollector collector = collector("url", url("/stats/" + SECRET));
        List<Sample> samples = collector.collect();
        assertThat(values(samples)).isEqualTo(WHOLE);
        assertThat(collector.diagnostics()).isEmpty();
        assertThat(receiver.request())
                .startsWith("GET /stats/" + SECRET + " HTTP/1.1\r\n")
                .doesNotContain("reset", "Authorization");
        assertThat(samples.toString()).doesNotContain(SECRET);
    }

    @Test
    void reportsTheLinksOfAPublisherByTheirNumberAndExtremes() throws Exception {
        receiver.answer(json(fixture("openirl-peers.json")));
        ReceiverCollector collector = collector("url", url("/stats/" + SECRET));
        Map<String, Double> expected = new HashMap<>(WHOLE);
        expected.put("receiver.throughput_bps[" + PLAYER + "]", 16_500_000.0);
        expected.put("receiver.links[" + PLAYER + "]", 2.0);
        expected.put("receiver.link_bitrate_min_bps[" + PLAYER + "]", 5_000_000.0);
        expected.put("receiver.link_bitrate_max_bps[" + PLAYER + "]", 11_363_000.0);
        assertThat(values(collector.collect())).isEqualTo(expected);
        receiver.answer(json(fixture("openirl-peers.json").replace("\"bitrate\":5000", "\"bitrate\":\"?\"")));
        expected.remove("receiver.link_bitrate_min_bps[" + PLAYER + "]");
        expected.remove("receiver.link_bitrate_max_bps[" + PLAYER + "]");
        assertThat(values(collector.collect())).isEqualTo(expected);
        assertThat(damage(collector))
                .singleElement()
                .asString()
                .contains("bitrate: expected a number, found the string");
        receiver.answer(json("{\"publisher\":{\"peers\":[]},\"status\":\"ok\"}"));
        assertThat(values(collector.collect()))
                .isEqualTo(Map.of(
                        "receiver.up[]",
                        1.0,
                        "receiver.publishing[" + PLAYER + "]",
                        1.0,
                        "receiver.links[" + PLAYER + "]",
                        0.0));
    }

    /** Such a page is of a publisher that is connected. */
    @Test
    void aBitrateOfZeroIsOneWhileThePublisherIsConnected() throws Exception {
        receiver.answer(json(fixture("openirl-legacy.json")));
        assertThat(values(
                        collector("url", url("/stats/" + SECRET + "?legacy=1")).collect()))
                .isEqualTo(Map.ofEntries(
                        Map.entry("receiver.up[]", 1.0),
                        Map.entry("receiver.publishing[" + PLAYER + "]", 1.0),
                        Map.entry("receiver.bitrate_bps[" + PLAYER + "]", 0.0),
                        Map.entry("receiver.dropped_bytes_total[" + PLAYER + "]", 0.0),
                        Map.entry("receiver.lost_bytes_total[" + PLAYER + "]", 0.0),
                        Map.entry("receiver.latency_ms[" + PLAYER + "]", 2000.0),
                        Map.entry("receiver.bandwidth_bps[" + PLAYER + "]", 12_000_000.0),
                        Map.entry("receiver.buffer_ms[" + PLAYER + "]", 0.0),
                        Map.entry("receiver.dropped_packets_total[" + PLAYER + "]", 0.0),
                        Map.entry("receiver.lost_packets_total[" + PLAYER + "]", 0.0),
                        Map.entry("receiver.rtt_ms[" + PLAYER + "]", 23.702),
                        Map.entry("receiver.uptime_seconds[" + PLAYER + "]", 0.0)));
    }

    @Test
    void reportsAllPublishersByNamesOrDigits() throws Exception {
        receiver.answer(json(fixture("classic.json")));
        String bob = new Publishers(Map.of()).tag("publish/live/bob");
        ReceiverCollector collector = collector(
                "url",
                url("/stats"),
                "names",
                new Publishers(Map.of()).tag("publish/live/alice") + "=studio, 00000000=car");
        Map<String, Double> values = values(collector.collect());
        assertThat(values)
                .containsEntry("receiver.bitrate_bps[studio]", 6_120_000.0)
                .containsEntry("receiver.dropped_packets_total[studio]", 2.0)
                .containsEntry("receiver.lost_packets_total[studio]", 37.0)
                .containsEntry("receiver.lost_bytes_total[studio]", 48_692.0)
                .containsEntry("receiver.publishing[" + bob + "]", 1.0)
                .containsEntry("receiver.bitrate_bps[" + bob + "]", 0.0)
                .doesNotContainKey("receiver.rtt_ms[" + bob + "]")
                .containsEntry("receiver.publishing[car]", 0.0);
        assertThat(bob).matches("[0-9a-f]{8}");
        receiver.answer(json("{\"publishers\":{},\"status\":\"ok\"}"));
        assertThat(values(collector.collect()))
                .isEqualTo(Map.of(
                        "receiver.up[]",
                        1.0,
                        "receiver.publishing[studio]",
                        0.0,
                        "receiver.publishing[" + bob + "]",
                        0.0,
                        "receiver.publishing[car]",
                        0.0));
        receiver.answer(json(fixture("classic.json")));
        assertThat(values(collector.collect())).isEqualTo(values);
    }

    @Test
    void reportsWhatIrlSrtServerAdds() throws Exception {
        receiver.answer(json(fixture("irl-srt-server.json")));
        Path token = SecretFile.write(folder.resolve("token"), "key-of-the-server\n");
        ReceiverCollector collector = collector("url", url("/stats"), "token.file", token.toString());
        String alice = new Publishers(Map.of()).tag("publish/live/alice");
        assertThat(values(collector.collect()))
                .containsEntry("receiver.retransmitted_packets_total[" + alice + "]", 35.0)
                .containsEntry("receiver.sent_naks_total[" + alice + "]", 39.0)
                .containsEntry("receiver.reorder_hold_ms[" + alice + "]", 120.0)
                .containsEntry("receiver.discontinuities_total[" + alice + "]", 4.0)
                .containsEntry("receiver.ring_overruns_total[" + alice + "]", 1.0)
                .containsEntry("receiver.viewer_dropped_packets_total[" + alice + "]", 6.0)
                .containsEntry("receiver.reader_backlog_bytes[" + alice + "]", 188_000.0)
                .containsEntry("receiver.reader_backlog_ms[" + alice + "]", 245.0)
                .hasSize(20);
        assertThat(receiver.request()).contains("\r\nAuthorization: key-of-the-server\r\n");
    }

    /** It tells by the bitrate alone. */
    @Test
    void aBitrateOfZeroOrOneOfBelaboxCloudIsNone() throws Exception {
        String key = new Publishers(Map.of()).tag("f3a9c0d1");
        receiver.answer(json(fixture("belabox-cloud.json")));
        ReceiverCollector collector = collector("url", url("/f3a9c0d1"));
        assertThat(values(collector.collect()))
                .isEqualTo(Map.of(
                        "receiver.up[]",
                        1.0,
                        "receiver.publishing[" + key + "]",
                        1.0,
                        "receiver.bitrate_bps[" + key + "]",
                        4_500_000.0,
                        "receiver.rtt_ms[" + key + "]",
                        45.0,
                        "receiver.dropped_packets_total[" + key + "]",
                        7.0));
        receiver.answer(json(fixture("belabox-cloud.json").replace("4500", "1")));
        assertThat(values(collector.collect()))
                .containsEntry("receiver.publishing[" + key + "]", 1.0)
                .containsEntry("receiver.rtt_ms[" + key + "]", 45.0)
                .doesNotContainKey("receiver.bitrate_bps[" + key + "]");
        receiver.answer(json(fixture("belabox-cloud.json").replace("4500", "0")));
        assertThat(values(collector.collect()))
                .isEqualTo(Map.of("receiver.up[]", 1.0, "receiver.publishing[" + key + "]", 0.0));
        assertThat(collector.diagnostics()).isEmpty();
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "HTTP/1.1 200 OK\r\n\r\n{\"message\":\"Publisher is currently not streaming\",\"status\":\"ok\"}",
                "HTTP/1.1 200 OK\r\n\r\n{\"message\":\"Publisher is currently not streaming\",\"publishers\":{},\"status\":\"ok\"}",
                "HTTP/1.1 404 Not Found\r\n\r\n{\"message\":\"publisher not found\",\"status\":\"error\"}"
            })
    void aPublisherThatDoesNotStreamIsNotPublishing(String answer) throws Exception {
        receiver.answer(raw(answer));
        for (String path :
                List.of("/stats/" + SECRET, "/stats?publisher=" + SECRET, "/stats?a=b&publisher=" + SECRET)) {
            ReceiverCollector collector = collector("url", url(path));
            assertThat(values(collector.collect()))
                    .as(path)
                    .isEqualTo(Map.of("receiver.up[]", 1.0, "receiver.publishing[" + PLAYER + "]", 0.0));
            assertThat(collector.diagnostics()).isEmpty();
        }
    }

    @ParameterizedTest
    @MethodSource
    void aValueThatCannotBeCostsItself(String field, String text, String metric, String problem) throws Exception {
        String whole = fixture("openirl.json");
        ReceiverCollector collector = collector("url", url("/stats/" + SECRET));
        receiver.answer(json(whole.replaceFirst("\"" + field + "\":[^,}]+", "\"" + field + "\":" + text)));
        Map<String, Double> values = values(collector.collect());
        assertThat(values).hasSize(WHOLE.size() - 1).doesNotContainKey(metric + "[" + PLAYER + "]");
        assertThat(WHOLE).containsAllEntriesOf(values);
        assertThat(damage(collector))
                .singleElement()
                .asString()
                .contains(problem)
                .doesNotContain(SECRET);
        receiver.answer(json(whole));
        assertThat(values(collector.collect())).isEqualTo(WHOLE);
        assertThat(collector.diagnostics()).isEmpty();
    }

    static Stream<Arguments> aValueThatCannotBeCostsItself() {
        return Stream.of(
                arguments("bitrate", "\"--\"", "receiver.bitrate_bps", "found the string '--'"),
                arguments(
                        "bitrate", "-32768", "receiver.bitrate_bps", "bitrate of publisher " + PLAYER + " is -32768.0"),
                arguments("rtt", "1e12", "receiver.rtt_ms", "1.0E12"),
                arguments("buffer", "[]", "receiver.buffer_ms", "expected a number, found an array"),
                arguments("dropped_pkts", "-1", "receiver.dropped_packets_total", "-1.0"),
                arguments("latency", "true", "receiver.latency_ms", "found 'true'"),
                arguments("uptime", "1e999", "receiver.uptime_seconds", "Infinity"));
    }

    @ParameterizedTest
    @MethodSource
    void aPageThatIsNoneIsNamedAndTheNextPassIsWhole(PageServer.Answer answer, String problem) throws Exception {
        ReceiverCollector collector = collector("url", url("/stats/" + SECRET));
        boolean hangs = problem.contains("raise timeout");
        collector.reconfigure(config("url", url("/stats/" + SECRET)), Map.of("timeout", hangs ? "600ms" : "1m"));
        receiver.answer(answer);
        assertThat(values(collector.collect())).isEqualTo(Map.of("receiver.up[]", 0.0));
        assertThat(damage(collector))
                .singleElement()
                .asString()
                .startsWith("the statistics page of 127.0.0.1:" + receiver.port() + " cannot be read: ")
                .contains(problem)
                .doesNotContain(SECRET);
        collector.reconfigure(config("url", url("/stats/" + SECRET)), Map.of("timeout", "1m"));
        receiver.answer(json(fixture("openirl.json")));
        assertThat(values(collector.collect())).isEqualTo(WHOLE);
        assertThat(collector.diagnostics()).isEmpty();
    }

    static Stream<Arguments> aPageThatIsNoneIsNamedAndTheNextPassIsWhole() {
        CountDownLatch never = new CountDownLatch(1);
        return Stream.of(
                arguments(
                        json("{\"message\":\"Invalid player key\",\"status\":\"error\"}"),
                        "it says 'Invalid player key'"),
                arguments(
                        raw(
                                "HTTP/1.1 429 Too Many Requests\r\n\r\n{\"status\":\"error\",\"message\":\"Rate limit exceeded\"}"),
                        "the answer is 429, there were too many requests from this address; raise interval"),
                arguments(
                        raw("HTTP/1.1 401 Unauthorized\r\n\r\n{\"message\":\"Unauthorized: API key required or"
                                + " invalid.\",\"status\":\"error\"}"),
                        "the answer is 401: it says 'Unauthorized: API key required or invalid.'; set token.file"),
                arguments(raw("HTTP/1.1 403 Forbidden\r\n\r\n"), "the answer is 403: expected a JSON document"),
                arguments(
                        raw("HTTP/1.1 302 Found\r\nLocation: /login?" + SECRET + "\r\n\r\n"),
                        "the answer is 302, a redirect, which is not followed"),
                arguments(page("text/html", "<html>Welcome</html>"), "line 1, column 1"),
                arguments(json("{\"publisher\":{\"bitrate\":163"), "line 1"),
                arguments(json(""), "expected a JSON document, found nothing"),
                arguments(json("[]"), "it is no JSON object"),
                arguments(json("{\"status\":\"ok\"}"), "it has neither publisher nor publishers"),
                arguments(json("{\"publisher\":7}"), "publisher: expected an object, found '7'"),
                arguments(json("{\"publishers\":[]}"), "publishers: expected an object, found an array"),
                arguments(
                        raw("HTTP/1.1 200 OK\r\nContent-Length: 500\r\n\r\n{\"publisher\":{\"bitrate\":16363}"),
                        "the page ends before its end"),
                arguments(raw(""), "the answer ends early"),
                arguments(json("{\"x\":\"" + "x".repeat(1 << 20) + "\"}"), "it is longer than 1048576 bytes"),
                arguments((PageServer.Answer) out -> never.await(), "within 300 ms; raise timeout"));
    }

    @Test
    void aReceiverThatIsNotThereIsNamedAndFoundWhenItComes() throws Exception {
        ReceiverCollector collector = collector("url", url("/stats/" + SECRET));
        int port = receiver.port();
        receiver.close();
        assertThat(values(collector.collect())).isEqualTo(Map.of("receiver.up[]", 0.0));
        assertThat(damage(collector))
                .singleElement()
                .asString()
                .contains("Connection refused; check that the program runs");
        receiver = new PageServer(json(fixture("openirl.json")), port, null);
        assertThat(values(collector.collect())).isEqualTo(WHOLE);
    }

    @Test
    void aPublisherThatIsNoneCostsItselfAndVeryManyAreBounded() throws Exception {
        receiver.answer(
                json(fixture("classic.json").replace("\"publishers\":{", "\"publishers\":{\"a\":7,\"b\":null,")));
        ReceiverCollector collector = collector("url", url("/stats"));
        assertThat(values(collector.collect())).containsValue(6_120_000.0);
        assertThat(damage(collector)).hasSize(2);
        StringBuilder many = new StringBuilder("{\"publishers\":{\"x\":{\"rtt\":1}");
        for (int i = 0; i < 100; i++) {
            many.append(",\"key" + i + "\":{\"rtt\":1}");
        }
        receiver.answer(json(many + "}}"));
        ReceiverCollector other = collector("url", url("/stats"));
        assertThat(values(other.collect())).hasSize(1 + 2 * StatsPage.MOST);
        assertThat(other.diagnostics()).singleElement().satisfies(diagnostic -> {
            assertThat(diagnostic.severity()).isEqualTo(Diagnostic.Severity.LIMITED);
            assertThat(diagnostic.message()).contains("101 publishers are on the page; 32 are read");
        });
    }

    /** Whether such a publisher is connected is not known. */
    @Test
    void aPublisherThatIsThereAndNotReadIsNotOffline() throws Exception {
        String publishing = "receiver.publishing[alice]";
        ReceiverCollector collector = collector("url", url("/stats"), "names", ALICE + "=alice");
        receiver.answer(json("{\"publishers\":{\"publish/live/alice\":{\"rtt\":1}}}"));
        assertThat(values(collector.collect())).containsEntry(publishing, 1.0);
        receiver.answer(json("{\"publishers\":{\"publish/live/alice\":null}}"));
        assertThat(values(collector.collect())).isEqualTo(Map.of("receiver.up[]", 1.0));
        assertThat(damage(collector)).hasSize(1);
        StringBuilder many = new StringBuilder("{\"publishers\":{\"publish/live/alice\":{\"rtt\":1}");
        for (int i = 0; i < StatsPage.MOST; i++) {
            many.append(",\"key" + i + "\":{\"rtt\":1}");
        }
        receiver.answer(json(many + "}}"));
        assertThat(values(collector.collect())).doesNotContainKey(publishing);
        receiver.answer(json("{\"publishers\":{}}"));
        assertThat(values(collector.collect())).containsEntry(publishing, 0.0);
        receiver.answer(json("{\"publishers\":{\"publish/live/alice\":{\"rtt\":1}}}"));
        assertThat(values(collector.collect())).containsEntry(publishing, 1.0);
    }

    @Test
    void anInterruptEndsAPass() throws Exception {
        CountDownLatch asked = new CountDownLatch(1);
        CountDownLatch end = new CountDownLatch(1);
        receiver.answer(out -> {
            asked.countDown();
            end.await();
        });
        ReceiverCollector collector = collector("url", url("/stats/" + SECRET));
        InterruptedPass.ends(collector, asked);
        end.countDown();
        receiver.answer(json(fixture("openirl.json")));
        assertThat(values(collector.collect())).isEqualTo(WHOLE);
    }

    @Test
    void aWrongUrlLeavesTheLastGoodOneInForce() throws Exception {
        ReceiverCollector collector = collector("url", url("/stats/" + SECRET));
        collector.reconfigure(config("url", url("/stats/" + SECRET + "?reset=1")), Map.of());
        assertThat(collector.rejectedSettings()).hasSize(1);
        assertThat(values(collector.collect())).isEqualTo(WHOLE);
        ReceiverCollector never = collector("url", "nonsense");
        assertThat(never.collect()).isEmpty();
    }

    @ParameterizedTest
    @MethodSource
    void valuesThatCannotBeUsedAreNamedWithoutSecrets(String key, String value, String problem) {
        Map<String, String> written = new HashMap<>(Map.of("url", "http://127.0.0.1/stats"));
        written.put(key, value);
        assertThat(new ReceiverCollector.Check().problems(written))
                .singleElement()
                .satisfies(found ->
                        assertThat(found.getMessage()).contains(problem).doesNotContain(SECRET));
    }

    static Stream<Arguments> valuesThatCannotBeUsedAreNamedWithoutSecrets() {
        return Stream.of(
                arguments("url", "", "http://host:port/stats"),
                arguments("url", "host:8080/stats/" + SECRET, "\"…\""),
                arguments("url", "http://host:8080/stats/" + SECRET + "?reset", "without reset"),
                arguments("url", "http://host:8080/stats/" + SECRET + "?reset=1", "\"http://host:8080/…\""),
                arguments("url", "http://host:8080/stats?publisher=" + SECRET + "&RESET=1&a=b", "clears the counters"),
                arguments("url", "http://" + SECRET + "@host/stats", "without credentials"),
                arguments("url", "ftp://host/" + SECRET, "\"ftp://host/…\""),
                arguments("names", "studio=1a2b3c4d", "eight digits"),
                arguments("names", "1a2b3c4d=a, 5e6f7081=a", "every name once"),
                arguments("token.file", "token", "the absolute path of a file"),
                arguments("ca.file", "ca", "the absolute path of a file"));
    }

    @Test
    void aUrlThatOnlySoundsLikeResetIsAccepted() {
        for (String url : List.of("http://h/stats?preset=1", "http://h/reset/stats", "http://h/stats?resetting=1")) {
            assertThat(new ReceiverCollector.Check().problems(Map.of("url", url)))
                    .as(url)
                    .isEmpty();
        }
    }

    @Test
    void digitsAreThoseOfTheShell() {
        assertThat(new Publishers(Map.of()).tag("publish/live/alice")).isEqualTo(ALICE);
        assertThat(new Publishers(Map.of()).only("/stats?publisher=publish%2Flive%2Falice"))
                .contains(ALICE);
        assertThat(new Publishers(Map.of()).only("/stats/publish%2Flive%2Falice?legacy=1"))
                .contains(ALICE);
        assertThat(new Publishers(Map.of()).only("/stats/50%")).isPresent();
        assertThat(new Publishers(Map.of()).only("/stats")).isEmpty();
    }

    private static PageServer.Answer json(String text) {
        return page("application/json", text);
    }

    private static String fixture(String name) throws IOException {
        return Files.readString(Path.of("src/test/resources/fixtures", name));
    }

    private String url(String path) {
        return "http://127.0.0.1:" + receiver.port() + path;
    }

    private static ReceiverCollector collector(String... written) {
        return new ReceiverCollector(config(written), Map.of("timeout", "1m"));
    }

    private static ReceiverCollector.Config config(String... written) {
        Map<String, String> keys = new HashMap<>();
        for (int i = 0; i < written.length; i += 2) {
            keys.put(written[i], written[i + 1]);
        }
        return TypedConfiguration.of(ReceiverCollector.Config.class, keys);
    }

    private static Map<String, Double> values(List<Sample> samples) {
        return RealMachine.valuesOf(samples);
    }

    private static List<String> damage(ReceiverCollector collector) {
        List<String> messages = new ArrayList<>();
        for (Diagnostic diagnostic : collector.diagnostics()) {
            if (diagnostic.severity() == Diagnostic.Severity.DAMAGED) {
                messages.add(diagnostic.message());
            }
        }
        return messages;
    }
}
