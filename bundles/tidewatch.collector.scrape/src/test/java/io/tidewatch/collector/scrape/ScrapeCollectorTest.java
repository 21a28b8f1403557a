package io.tidewatch.collector.scrape;

import static io.tidewatch.testing.server.PageServer.bytes;
import static io.tidewatch.testing.server.PageServer.page;
import static io.tidewatch.testing.server.PageServer.raw;
import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.params.provider.Arguments.arguments;

import io.tidewatch.api.collector.Collector;
import io.tidewatch.api.collector.Diagnostic;
import io.tidewatch.api.collector.Sample;
import io.tidewatch.api.config.InvalidSettingException;
import io.tidewatch.testing.collector.CollectorContract;
import io.tidewatch.testing.collector.DocumentedCollector;
import io.tidewatch.testing.collector.InterruptedPass;
import io.tidewatch.testing.config.SecretFile;
import io.tidewatch.testing.config.TypedConfiguration;
import io.tidewatch.testing.server.PageServer;
import io.tidewatch.testing.server.TestCertificates;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CountDownLatch;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

/** Scrapes over real sockets, of servers that do as they should and of others. */
class ScrapeCollectorTest implements CollectorContract, DocumentedCollector {
    private static final String PAGE = "# TYPE requests_total counter\nrequests_total{code=\"200\"} 12\nup 1\n";

    @TempDir
    Path folder;

    private final List<AutoCloseable> servers = new ArrayList<>();

    @AfterEach
    void close() throws Exception {
        for (AutoCloseable server : servers) {
            server.close();
        }
    }

    @Override
    public Collector typicalCollector() throws Exception {
        return collector("url", server(page(PAGE + "malformed\n")).url());
    }

    @Override
    public String file() {
        return "tidewatch.collector.scrape-<name>.cfg";
    }

    @Test
    void samplesKeepTheirNamesAndTheScrapeReportsItself() throws Exception {
        PageServer server = server(page(PAGE));
        ScrapeCollector collector = collector("url", server.url() + "?collect[]=cpu", "labels", "job=web");
        Map<String, Double> values = values(collector.collect());
        assertThat(values)
                .containsEntry("requests_total[200, web]", 12.0)
                .containsEntry("up[web]", 1.0)
                .containsEntry("scrape.up[]", 1.0)
                .containsEntry("scrape.samples[]", 2.0)
                .containsKey("scrape.duration_seconds[]")
                .hasSize(5);
        assertThat(collector.diagnostics()).isEmpty();
        assertThat(server.request())
                .startsWith("GET /metrics?collect[]=cpu HTTP/1.1\r\nHost: 127.0.0.1:" + server.port() + "\r\n")
                .contains("\r\nAccept: application/openmetrics-text;", "\r\nConnection: close\r\n")
                .doesNotContain("Authorization");
    }

    @ParameterizedTest
    @MethodSource
    void anyFramingIsRead(String answer, double last) throws Exception {
        Map<String, Double> values =
                values(collector("url", server(raw(answer)).url()).collect());
        assertThat(values).containsEntry("a[]", 1.0).containsEntry("scrape.up[]", 1.0);
        assertThat(values.getOrDefault("b[]", -1.0)).isEqualTo(last);
    }

    static Stream<Arguments> anyFramingIsRead() {
        return Stream.of(
                arguments("HTTP/1.1 200 OK\r\nContent-Length: 7\r\n\r\na 1\nb 2", 2.0),
                arguments("HTTP/1.0 200 OK\r\n\r\na 1\nb 2\n", 2.0),
                // Nothing says whether this page is whole.
                arguments("HTTP/1.0 200 OK\r\n\r\na 1\nb 2", -1.0));
    }

    @ParameterizedTest
    @MethodSource
    void whatGoesWrongIsNamedAndTheNextScrapeIsAsBefore(String answer, String problem) throws Exception {
        PageServer server = server(raw(answer));
        ScrapeCollector collector = collector("url", server.url());
        Map<String, Double> values = values(collector.collect());
        assertThat(values).containsEntry("scrape.up[]", 0.0).containsKey("scrape.duration_seconds[]");
        assertThat(collector.diagnostics()).singleElement().satisfies(diagnostic -> {
            assertThat(diagnostic.severity()).isEqualTo(Diagnostic.Severity.DAMAGED);
            assertThat(diagnostic.message()).isEqualTo(server.url() + " cannot be scraped: " + problem);
        });
        server.answer(page(PAGE));
        assertThat(values(collector.collect())).containsEntry("up[]", 1.0).containsEntry("scrape.up[]", 1.0);
        assertThat(collector.diagnostics()).isEmpty();
    }

    static Stream<Arguments> whatGoesWrongIsNamedAndTheNextScrapeIsAsBefore() {
        return Stream.of(
                arguments(
                        "HTTP/1.1 302 Found\r\nLocation: http://169.254.169.254/\r\n\r\n",
                        "the answer is 302, a redirect to 'http://169.254.169.254/', which is not followed: set url to where"
                                + " the page is"),
                arguments("HTTP/1.1 404 Not Found\r\n\r\nno", "the answer is 404"),
                arguments(
                        "HTTP/1.1 401 Unauthorized\r\n\r\n",
                        "the answer is 401: set token.file, or check what is in it"),
                arguments("SSH-2.0-OpenSSH_9.2\r\n", "the answer is not HTTP: 'SSH-2.0-OpenSSH_9.2'"),
                arguments(
                        "HTTP/1.1 200 OK\r\nContent-Length: 100\r\n\r\n",
                        "the page ends before its end; the connection broke"));
    }

    @Test
    void aServerThatIsNotThereIsNamedAndFoundWhenItComes() throws Exception {
        PageServer gone = server(page(PAGE));
        int port = gone.port();
        gone.close();
        ScrapeCollector collector = collector("url", "http://127.0.0.1:" + port + "/metrics");
        assertThat(values(collector.collect())).containsEntry("scrape.up[]", 0.0);
        assertThat(message(collector))
                .isEqualTo("http://127.0.0.1:" + port + "/metrics cannot be scraped: Connection refused; check that the"
                        + " program runs and listens there");
        servers.add(new PageServer(page(PAGE), port, null));
        assertThat(values(collector.collect())).containsEntry("scrape.up[]", 1.0);
    }

    @Test
    void aHostNameThatIsNoneIsNamed() throws Exception {
        ScrapeCollector collector = collector("url", "http://no-such-host.invalid/metrics");
        assertThat(values(collector.collect())).containsEntry("scrape.up[]", 0.0);
        assertThat(message(collector)).contains("the host name no-such-host.invalid is not known");
    }

    @ParameterizedTest
    @MethodSource
    void aServerThatDripsIsLeftAtTheTimeout(String begin) throws Exception {
        CountDownLatch left = new CountDownLatch(1);
        PageServer server = server(out -> {
            out.write(bytes(begin));
            PageServer.drip(out, left);
        });
        ScrapeCollector collector = collector("url", server.url(), "timeout", "500ms");
        assertThat(values(collector.collect())).containsEntry("scrape.up[]", 0.0);
        assertThat(message(collector)).contains("no complete page within 250 ms; raise timeout, or scrape less often");
        left.await();
    }

    static Stream<String> aServerThatDripsIsLeftAtTheTimeout() {
        return Stream.of("", "HTTP/1.1 200 OK\r\nX: ", "HTTP/1.1 200 OK\r\n\r\na 1\nb{c=\"");
    }

    @Test
    void anInterruptEndsAScrape() throws Exception {
        CountDownLatch asked = new CountDownLatch(1);
        CountDownLatch end = new CountDownLatch(1);
        PageServer server = server(out -> {
            asked.countDown();
            end.await();
        });
        ScrapeCollector collector = collector("url", server.url(), "timeout", "1h");
        InterruptedPass.ends(collector, asked);
        end.countDown();
        server.answer(page(PAGE));
        assertThat(values(collector.collect())).containsEntry("scrape.up[]", 1.0);
    }

    @Test
    void aPageWithoutAnEndIsCut() throws Exception {
        CountDownLatch left = new CountDownLatch(1);
        PageServer server = server(out -> {
            out.write(bytes("HTTP/1.1 200 OK\r\n\r\n"));
            try {
                for (long i = 0; ; i++) {
                    out.write(bytes("endless{i=\"" + i + "\"} " + i + "\n"));
                }
            } catch (IOException e) {
                left.countDown();
            }
        });
        ScrapeCollector collector = collector("url", server.url(), "max.bytes", "1MiB", "max.series", "50");
        Map<String, Double> values = values(collector.collect());
        assertThat(values)
                .containsEntry("scrape.samples[]", 50.0)
                .containsEntry("scrape.dropped_total[max_bytes]", 1.0)
                .containsKey("scrape.dropped_total[max_series]");
        assertThat(collector.diagnostics()).extracting(Diagnostic::severity).containsOnly(Diagnostic.Severity.LIMITED);
        left.await();
    }

    @Test
    void openMetricsAndItsTimesAreRead() throws Exception {
        PageServer server = server(page(
                "application/openmetrics-text; version=1.0.0",
                "# TYPE a counter\na_total 1 1700000000.5\nb 2\n# EOF\n"));
        ScrapeCollector collector = collector("url", server.url(), "timestamps", "true");
        Map<String, Double> values = values(collector.collect());
        assertThat(values).containsEntry("b[]", 2.0).doesNotContainKey("a_total[]");
        assertThat(collector.timedSamples()).singleElement().satisfies(group -> {
            assertThat(group.time()).isEqualTo(Instant.ofEpochMilli(1700000000500L));
            assertThat(group.samples()).singleElement().satisfies(sample -> assertThat(sample.value())
                    .isEqualTo(1));
        });
        assertThat(values).containsEntry("scrape.samples[]", 2.0);
    }

    @Test
    void aUnixSocketIsScraped() throws Exception {
        Path socket = folder.resolve("app.sock");
        PageServer server = new PageServer(page(PAGE), socket);
        servers.add(server);
        for (String url : List.of("unix:" + socket, "unix://" + socket + ":/stats?all=1")) {
            ScrapeCollector collector = collector("url", url);
            assertThat(values(collector.collect())).containsEntry("up[]", 1.0);
        }
        assertThat(server.request()).startsWith("GET /stats?all=1 HTTP/1.1\r\nHost: localhost\r\n");
        ScrapeCollector none = collector("url", "unix:" + folder.resolve("none"));
        assertThat(values(none.collect())).containsEntry("scrape.up[]", 0.0);
        assertThat(message(none)).contains("check that the program runs and listens there");
    }

    @Test
    void aUnixSocketThatSaysNothingIsLeftAtTheTimeout() throws Exception {
        Path socket = folder.resolve("mute.sock");
        CountDownLatch end = new CountDownLatch(1);
        servers.add(new PageServer(out -> end.await(), socket));
        ScrapeCollector collector = collector("url", "unix:" + socket, "timeout", "300ms");
        assertThat(values(collector.collect())).containsEntry("scrape.up[]", 0.0);
        assertThat(message(collector)).contains("no complete page within 150 ms");
        end.countDown();
    }

    @Test
    void httpsTrustsTheConfiguredAuthorityAndTheRightName() throws Exception {
        TestCertificates certificates = new TestCertificates(folder.resolve("tls"));
        certificates.sign("page", "ec", "localhost", 10);
        PageServer server = new PageServer(page(PAGE), 0, certificates.server("page"));
        servers.add(server);
        String url = "https://localhost:" + server.port() + "/metrics";
        String ca = certificates.authority().toString();
        assertThat(values(collector("url", url, "ca.file", ca).collect())).containsEntry("up[]", 1.0);

        ScrapeCollector stranger = collector("url", url);
        assertThat(values(stranger.collect())).containsEntry("scrape.up[]", 0.0);
        assertThat(message(stranger)).contains("signed by an authority of the system or of ca.file");
        ScrapeCollector otherName = collector("url", url.replace("localhost", "127.0.0.1"), "ca.file", ca);
        assertThat(values(otherName.collect())).containsEntry("scrape.up[]", 0.0);
        Path empty = Files.writeString(folder.resolve("empty.pem"), "");
        ScrapeCollector without = collector("url", url, "ca.file", empty.toString());
        assertThat(values(without.collect())).containsEntry("scrape.up[]", 0.0);
        assertThat(message(without)).contains("ca.file " + empty + " contains no certificate");
    }

    @Test
    void theTokenIsReadForEachScrapeAndOneThatAllMayReadIsNotUsed() throws Exception {
        PageServer server = server(page(PAGE));
        Path token = SecretFile.write(folder.resolve("token"), "first\n");
        ScrapeCollector collector = collector("url", server.url(), "token.file", token.toString());
        collector.collect();
        assertThat(server.request()).contains("\r\nAuthorization: Bearer first\r\n");
        SecretFile.write(token, "second");
        collector.collect();
        assertThat(server.request()).contains("\r\nAuthorization: Bearer second\r\n");

        Files.setPosixFilePermissions(token, PosixFilePermissions.fromString("rw-r--r--"));
        assertThat(values(collector.collect())).containsEntry("scrape.up[]", 0.0);
        assertThat(message(collector))
                .contains("rw-r--r--", "chmod o-rwx " + token)
                .doesNotContain("second");
        Files.setPosixFilePermissions(token, PosixFilePermissions.fromString("rw-------"));
        assertThat(values(collector.collect())).containsEntry("scrape.up[]", 1.0);
        Files.delete(token);
        assertThat(values(collector.collect())).containsEntry("scrape.up[]", 0.0);
        assertThat(message(collector)).contains("is not used: no such file or directory");
    }

    @ParameterizedTest
    @MethodSource
    void valuesThatCannotBeUsedAreNamed(String key, String value, String accepted) {
        Map<String, String> written = new HashMap<>(Map.of("url", "http://127.0.0.1/metrics"));
        written.put(key, value);
        List<InvalidSettingException> problems = new ScrapeCollector.Check().problems(written);
        assertThat(problems).singleElement().satisfies(problem -> assertThat(problem.getMessage())
                .contains(key, accepted)
                .doesNotContain("secret"));
    }

    static Stream<Arguments> valuesThatCannotBeUsedAreNamed() {
        return Stream.of(
                arguments("url", "", "http://host:port/metrics"),
                arguments("url", "127.0.0.1:9100", "http://host:port/metrics"),
                arguments("url", "ftp://x/metrics", "http://host:port/metrics"),
                arguments("url", "http:///metrics", "http://host:port/metrics"),
                arguments("url", "http://a b/", "http://host:port/metrics"),
                arguments("url", "http://me:secret@host/", "without credentials"),
                arguments("url", "unix:relative", "unix:/path/of/socket"),
                arguments("url", "unix:/a:/b c", "unix:/path/of/socket"),
                arguments("labels", "a", "name=value"),
                arguments("labels", "device_id=x", "device_id excepted"),
                arguments("labels", "a=1, a=2", "every label once"),
                arguments("max.series", "0", "1 to 9000"),
                arguments("max.bytes", "1GiB", "256MiB"),
                arguments("timestamps", "maybe", "true or false"),
                arguments("token.file", "token", "absolute path"),
                arguments("exclude", "go_(", "regular expressions"));
    }

    @Test
    void aWrongUrlLeavesTheLastGoodOneInForce() throws Exception {
        PageServer server = server(page(PAGE));
        ScrapeCollector collector = collector("url", server.url());
        collector.collect();
        collector.reconfigure(config("url", "nonsense"), Map.of());
        assertThat(collector.rejectedSettings()).hasSize(1);
        assertThat(values(collector.collect())).containsEntry("scrape.up[]", 1.0);
        ScrapeCollector never = collector("url", "nonsense");
        assertThat(never.collect()).isEmpty();
        never.reconfigure(config("url", server.url()), Map.of());
        assertThat(values(never.collect())).containsEntry("scrape.up[]", 1.0);
    }

    private PageServer server(PageServer.Answer answer) throws Exception {
        PageServer server = new PageServer(answer);
        servers.add(server);
        return server;
    }

    private static ScrapeCollector collector(String... written) {
        Map<String, String> properties = map(written);
        return new ScrapeCollector(config(written), new HashMap<>(properties));
    }

    private static ScrapeCollector.Config config(String... written) {
        Map<String, String> keys = map(written);
        keys.remove("timeout");
        return TypedConfiguration.of(ScrapeCollector.Config.class, keys);
    }

    private static Map<String, String> map(String... written) {
        Map<String, String> map = new HashMap<>();
        for (int i = 0; i < written.length; i += 2) {
            map.put(written[i], written[i + 1]);
        }
        return map;
    }

    private static String message(ScrapeCollector collector) {
        return collector.diagnostics().get(0).message();
    }

    private static Map<String, Double> values(List<Sample> samples) {
        Map<String, Double> values = new HashMap<>();
        samples.forEach(sample -> values.put(sample.metric().name() + sample.tagValues(), sample.value()));
        return values;
    }
}
