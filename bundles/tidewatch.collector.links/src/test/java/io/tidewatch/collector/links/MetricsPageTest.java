package io.tidewatch.collector.links;

import static io.tidewatch.collector.links.Encoder.damage;
import static io.tidewatch.collector.links.Encoder.fixture;
import static io.tidewatch.collector.links.Encoder.notes;
import static io.tidewatch.collector.links.Encoder.values;
import static io.tidewatch.testing.server.PageServer.page;
import static io.tidewatch.testing.server.PageServer.raw;
import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.params.provider.Arguments.arguments;

import io.tidewatch.testing.collector.InterruptedPass;
import io.tidewatch.testing.server.PageServer;
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

/** The metrics page of srtla_send. */
class MetricsPageTest {
    private static final Map<String, Double> WHOLE = Map.ofEntries(
            Map.entry("link.up[wwan0, metrics_page]", 1.0),
            Map.entry("link.rtt_ms[wwan0, metrics_page]", 42.0),
            Map.entry("link.rtt_min_ms[wwan0, metrics_page]", 38.5),
            Map.entry("link.naks_total[wwan0, metrics_page]", 3.0),
            Map.entry("link.window[wwan0, metrics_page]", 8192.0),
            Map.entry("link.in_flight[wwan0, metrics_page]", 100.0),
            Map.entry("link.bitrate_bps[wwan0, metrics_page]", 2_500_000.0),
            Map.entry("link.quality_multiplier[wwan0, metrics_page]", 0.95),
            Map.entry("link.stalled[wwan0, metrics_page]", 0.0),
            Map.entry("link.stalls_total[wwan0, metrics_page]", 2.0),
            Map.entry("link.pauses_total[wwan0, metrics_page]", 7.0),
            Map.entry("link.up[wwan1, metrics_page]", 0.0),
            Map.entry("link.active[metrics_page]", 1.0));

    @TempDir
    Path folder;

    private PageServer sender;
    private Encoder encoder;
    private LinksCollector collector;

    @BeforeEach
    void start() throws Exception {
        sender = new PageServer(page(fixture("srtla_send.prom")));
        encoder = new Encoder(folder).with("metrics.url", sender.url());
        collector = encoder.collector();
    }

    @AfterEach
    void stop() throws Exception {
        sender.close();
    }

    @Test
    void reportsEachLinkByTheInterfaceThatHasItsAddress() throws Exception {
        assertThat(values(collector.collect())).isEqualTo(WHOLE);
        assertThat(collector.diagnostics()).isEmpty();
        assertThat(sender.request()).startsWith("GET /metrics HTTP/1.1\r\n").doesNotContain("Authorization");
    }

    /** It holds bytes under the name of bits. */
    @Test
    void theRateOfOlderSendersIsLeftOut() throws Exception {
        sender.answer(page(fixture("srtla_send-older.prom")));
        assertThat(values(collector.collect()))
                .isEqualTo(Map.of(
                        "link.up[wwan0, metrics_page]", 1.0,
                        "link.naks_total[wwan0, metrics_page]", 3.0,
                        "link.active[metrics_page]", 1.0));
        assertThat(collector.diagnostics()).isEmpty();
    }

    @Test
    void aSenderThatDoesNotRunIsNoDamage() throws Exception {
        sender.close();
        assertThat(collector.collect()).isEmpty();
        assertThat(damage(collector)).isEmpty();
        assertThat(notes(collector)).singleElement().asString().contains("no metrics page " + sender.url());
        sender = new PageServer(page(fixture("srtla_send.prom")), sender.port(), null);
        assertThat(values(collector.collect())).isEqualTo(WHOLE);
        assertThat(collector.diagnostics()).isEmpty();
    }

    @Test
    void aLineThatIsNoneAndAValueThatCannotBeCostThemselves() throws Exception {
        sender.answer(page(fixture("srtla_send.prom")
                        .replace("link_rtt_ms{ip=\"10.0.0.2\"} 42", "link_rtt_ms{ip=\"10.0.0.2\"} forty")
                        .replace("link_window{ip=\"10.0.0.2\"} 8192", "link_window{ip=\"10.0.0.2\"} -1")
                + "srtla_send_link_up{ip=\"wwan0\"} 1\nsrtla_send_link_up{ip=\"example.com\"} 1\n"));
        Map<String, Double> values = values(collector.collect());
        assertThat(values).hasSize(WHOLE.size() - 3).doesNotContainKey("link.active[metrics_page]");
        assertThat(WHOLE).containsAllEntriesOf(values);
        assertThat(damage(collector))
                .hasSize(3)
                .anySatisfy(problem -> assertThat(problem).contains("forty"))
                .anySatisfy(problem -> assertThat(problem).contains("srtla_send_link_window of link wwan0 is -1"))
                .anySatisfy(problem -> assertThat(problem).contains("found 'wwan0'"));
        sender.answer(page(fixture("srtla_send.prom")));
        assertThat(values(collector.collect())).isEqualTo(WHOLE);
        assertThat(collector.diagnostics()).isEmpty();
    }

    /** As of a sender that names links in another way: that none is up is not known. */
    @Test
    void linksWithoutAddressesAreNamedAndNotDown() throws Exception {
        sender.answer(page(fixture("srtla_send.prom").replace("{ip=", "{iface=")));
        assertThat(collector.collect()).isEmpty();
        assertThat(damage(collector))
                .singleElement()
                .asString()
                .contains("srtla_send_link_up: expected the address of one of 64 links at most", "found ''");
        sender.answer(page(fixture("srtla_send.prom")));
        assertThat(values(collector.collect())).isEqualTo(WHOLE);
        assertThat(collector.diagnostics()).isEmpty();
    }

    @ParameterizedTest
    @MethodSource
    void aPageThatIsNoneIsNamedAndTheNextPassIsWhole(PageServer.Answer answer, String problem) throws Exception {
        sender.answer(answer);
        boolean hangs = problem.contains("the sender hangs");
        collector.reconfigure(encoder.config(), hangs ? Encoder.IMPATIENT : Encoder.PATIENT);
        assertThat(collector.collect()).isEmpty();
        collector.reconfigure(encoder.config(), Encoder.PATIENT);
        assertThat(damage(collector))
                .last()
                .asString()
                .startsWith("the metrics page " + sender.url() + " cannot be read: ")
                .contains(problem);
        sender.answer(page(fixture("srtla_send.prom")));
        assertThat(values(collector.collect())).isEqualTo(WHOLE);
        assertThat(collector.diagnostics()).isEmpty();
    }

    static Stream<Arguments> aPageThatIsNoneIsNamedAndTheNextPassIsWhole() {
        CountDownLatch never = new CountDownLatch(1);
        return Stream.of(
                arguments(raw("HTTP/1.1 404 Not Found\r\nContent-Length: 0\r\n\r\n"), "the answer is 404"),
                arguments(page("text/html", "<html>Busy</html>\n"), "it has no metric of srtla_send"),
                arguments(page("node_load1 1\n"), "it has no metric of srtla_send; set metrics.url"),
                arguments(
                        raw("HTTP/1.1 200 OK\r\nContent-Length: 9999\r\n\r\nsrtla_send_link_up{ip=\"10.0.0.2\"} 1\n"),
                        "the page ends before its end"),
                arguments(raw(""), "the answer ends early"),
                arguments(page("srtla_send_mode 1\n" + "# " + "x".repeat(1 << 20)), "it is longer than 1048576 bytes"),
                arguments(
                        (PageServer.Answer) out -> never.await(), "no complete page within 300 ms; the sender hangs"));
    }

    @Test
    void aPageOfVeryManyLinksIsBounded() throws Exception {
        StringBuilder many = new StringBuilder();
        for (int link = 0; link < 100; link++) {
            many.append("srtla_send_link_up{ip=\"10.1.1." + link + "\"} 1\n");
        }
        sender.answer(page(many.toString()));
        assertThat(values(collector.collect())).hasSize(65).containsEntry("link.active[metrics_page]", 64.0);
        assertThat(damage(collector)).singleElement().asString().contains("one of 64 links at most");
    }

    @Test
    void anInterruptEndsAPass() throws Exception {
        CountDownLatch asked = new CountDownLatch(1);
        CountDownLatch end = new CountDownLatch(1);
        sender.answer(out -> {
            asked.countDown();
            end.await();
        });
        InterruptedPass.ends(collector, asked);
        end.countDown();
        sender.answer(page(fixture("srtla_send.prom")));
        assertThat(values(collector.collect())).isEqualTo(WHOLE);
    }
}
