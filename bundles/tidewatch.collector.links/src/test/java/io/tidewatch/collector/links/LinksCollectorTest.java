package io.tidewatch.collector.links;

import static io.tidewatch.collector.links.Encoder.fixture;
import static io.tidewatch.collector.links.Encoder.notes;
import static io.tidewatch.collector.links.Encoder.values;
import static io.tidewatch.testing.server.PageServer.raw;
import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.params.provider.Arguments.arguments;

import io.tidewatch.api.collector.Collector;
import io.tidewatch.api.config.InvalidSettingException;
import io.tidewatch.testing.collector.DocumentedCollector;
import io.tidewatch.testing.collector.SourceContract;
import io.tidewatch.testing.server.PageServer;
import java.io.IOException;
import java.net.InetAddress;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

/** Which source counts, and the settings. */
class LinksCollectorTest implements SourceContract, DocumentedCollector {
    private static final String FILE = "srtla-send-stats-6000.json";

    @TempDir
    Path folder;

    private PageServer sender;
    private Encoder encoder;

    @AfterEach
    void stop() throws IOException {
        if (sender != null) {
            sender.close();
        }
    }

    /** An encoder whose sender is replaced by another twice. */
    @Override
    public Collector typicalCollector() throws Exception {
        encoder = new Encoder(folder).withLinks();
        encoder.write(FILE, fixture("srtla-send-rs-newer.json"));
        return encoder.with("control.socket", folder.resolve("s.sock").toString())
                .collector();
    }

    @Override
    public int passesUntilComplete() {
        return 3;
    }

    @Override
    public void letTimePass() throws Exception {
        if (Files.deleteIfExists(encoder.path(FILE))) {
            sender = new PageServer(raw(fixture("get_stats.json")), folder.resolve("s.sock"), "\n");
        } else {
            sender.close();
        }
    }

    @Override
    public Collector collectorWithoutSource() throws Exception {
        return new Encoder(folder).collector();
    }

    @Test
    void withoutASenderANoteSaysWhatIsMissing() throws Exception {
        LinksCollector collector = (LinksCollector) collectorWithoutSource();
        collector.collect();
        assertThat(notes(collector))
                .singleElement()
                .asString()
                .contains(
                        "no sender runs: there is no statistics file " + folder,
                        ", no list of addresses " + folder,
                        "config/examples/belabox/links.conf");
    }

    @Test
    void theFirstSourceThatIsThereCounts() throws Exception {
        LinksCollector collector = (LinksCollector) typicalCollector();
        assertThat(values(collector.collect())).containsKey("link.active[stats_file]");
        letTimePass();
        assertThat(values(collector.collect())).containsKey("link.active[control_socket]");
        letTimePass();
        assertThat(values(collector.collect())).containsKey("link.active[ips_file]");
        Files.delete(encoder.path("srtla_ips"));
        assertThat(collector.collect()).isEmpty();
        encoder.write(FILE, fixture("srtla-send-rs.json"));
        assertThat(values(collector.collect())).containsKey("link.active[stats_file]");
    }

    @Test
    void aFileThatAKilledSenderLeftHidesNoOtherSender() throws Exception {
        LinksCollector collector = (LinksCollector) typicalCollector();
        encoder.pass(Duration.ofMinutes(10));
        assertThat(values(collector.collect())).containsEntry("link.active[stats_file]", 0.0);

        sender = new PageServer(raw(fixture("get_stats.json")), folder.resolve("s.sock"), "\n");
        assertThat(values(collector.collect()))
                .containsEntry("link.active[control_socket]", 1.0)
                .containsKey("link.up[wwan0, control_socket]");
        sender.close();
        assertThat(values(collector.collect())).containsEntry("link.active[stats_file]", 0.0);
    }

    @Test
    void aSourceThatCannotBeUnderstoodHidesNoOtherSender() throws Exception {
        LinksCollector collector = (LinksCollector) typicalCollector();
        encoder.write(FILE, "{");
        assertThat(collector.collect()).isEmpty();

        sender = new PageServer(raw(fixture("get_stats.json")), folder.resolve("s.sock"), "\n");
        assertThat(values(collector.collect())).containsKey("link.active[control_socket]");
        assertThat(collector.diagnostics()).singleElement().asString().contains(FILE);
        Files.delete(encoder.path(FILE));
        assertThat(values(collector.collect())).containsKey("link.active[control_socket]");
        assertThat(collector.diagnostics()).isEmpty();
    }

    @Test
    void onlyTheConfiguredSourceCounts() throws Exception {
        typicalCollector();
        LinksCollector collector = encoder.with("source", "IPS_file").collector();
        assertThat(values(collector.collect())).containsKey("link.active[ips_file]");
        collector.reconfigure(encoder.with("source", "stats_file").config(), Map.of());
        assertThat(values(collector.collect())).containsKey("link.active[stats_file]");
        Files.delete(encoder.path(FILE));
        assertThat(collector.collect()).isEmpty();
        assertThat(notes(collector)).singleElement().asString().doesNotContain("list of addresses");
    }

    @Test
    void aWrongSettingLeavesTheLastGoodOnesInForce() throws Exception {
        LinksCollector collector = (LinksCollector) typicalCollector();
        collector.reconfigure(encoder.with("source", "telepathy").config(), Map.of());
        assertThat(collector.rejectedSettings())
                .singleElement()
                .extracting(InvalidSettingException::getMessage)
                .asString()
                .contains("auto, stats_file, metrics_page, control_socket, ceraui, ips_file");
        assertThat(values(collector.collect())).containsKey("link.active[stats_file]");
    }

    @ParameterizedTest
    @MethodSource
    void valuesThatCannotBeUsedAreNamed(String key, String value, String accepted) {
        Map<String, String> written = new HashMap<>();
        for (String pair : value.split(";", -1)) {
            written.put(pair.contains("=") ? pair.split("=", 2)[0] : key, pair.replaceFirst("^[a-z.]+=", ""));
        }
        assertThat(new LinksCollector.Check().problems(written)).singleElement().satisfies(problem -> {
            assertThat(problem.key()).isEqualTo(key);
            assertThat(problem.getMessage()).contains(accepted).doesNotContain("secret");
        });
    }

    static Stream<Arguments> valuesThatCannotBeUsedAreNamed() {
        return Stream.of(
                arguments("source", "srtla", "auto, stats_file"),
                arguments("metrics.url", "source=metrics_page", "since source is metrics_page"),
                arguments("metrics.url", "127.0.0.1:9099", "http://host:port/metrics"),
                arguments("metrics.url", "http://me:secret@host/", "without credentials"),
                arguments("control.socket", "source=control_socket", "since source is control_socket"),
                arguments("control.socket", "srtla.sock", "the absolute path of a Unix socket"),
                arguments("stats.file", "stats.json", "the absolute path of a file"),
                arguments("ips.file", "", "the absolute path of a file"),
                arguments("ceraui.url", "source=ceraui", "since source is ceraui"),
                arguments("ceraui.url", "ceraui.token.file=/t;ceraui.url=ftp://127.0.0.1/", "http://host:port/"),
                arguments("ceraui.url", "ceraui.token.file=/t;ceraui.url=ws://me:secret@host/", "without credentials"),
                arguments("ceraui.token.file", "ceraui.url=ws://127.0.0.1/", "since ceraui.url is set"),
                arguments("ceraui.token.file", "token", "the absolute path of a file"));
    }

    @Test
    void theDefaultsAreAccepted() {
        assertThat(new LinksCollector.Check().problems(Map.of())).isEmpty();
    }

    @Test
    void theAddressesOfThisMachineAreKnown() throws Exception {
        assertThat(Interfaces.OF_THIS_MACHINE.byAddress().get(InetAddress.getByAddress(new byte[] {127, 0, 0, 1})))
                .isEqualTo(new Interfaces.Interface("lo", true));
    }

    @Test
    void interfacesThatCannotBeListedLeaveAddressesForNames() throws Exception {
        typicalCollector();
        encoder.write(FILE, fixture("srtla-send-rs.json"));
        LinksCollector collector = new LinksCollector(
                encoder.config(),
                Map.of(),
                encoder.tree().procFs(),
                () -> {
                    throw new IOException("Operation not permitted");
                },
                java.time.Clock.fixed(Encoder.WRITTEN, java.time.ZoneOffset.UTC));
        assertThat(values(collector.collect())).containsEntry("link.rtt_ms[10.0.0.2, stats_file]", 42.0);
        assertThat(Encoder.damage(collector))
                .containsExactly("the network interfaces cannot be listed: operation not permitted");
    }

    @Test
    void theSpreadIsThatOfLinksThatAreUp() {
        assertThat(LinksCollector.spread(links(1, 1, 1, 1))).hasValue(1);
        assertThat(LinksCollector.spread(links(7, 0, 0, 0))).hasValue(0.25);
        assertThat(LinksCollector.spread(links(3, 1))).hasValue(0.8);
        assertThat(LinksCollector.spread(links(5))).isEmpty();
        assertThat(LinksCollector.spread(links(0, 0))).isEmpty();
        assertThat(LinksCollector.spread(links())).isEmpty();
        List<LinkReading> down = links(3, 1, 9);
        down.get(2).put(LinkValue.UP, false);
        assertThat(LinksCollector.spread(down)).hasValue(0.8);
        List<LinkReading> unknown = links(3, 1, 9);
        unknown.get(2).remove(LinkValue.BITRATE);
        assertThat(LinksCollector.spread(unknown)).hasValue(0.8);
    }

    private static List<LinkReading> links(double... bitrates) {
        List<LinkReading> links = new java.util.ArrayList<>();
        for (double bitrate : bitrates) {
            LinkReading link = new LinkReading("x");
            link.put(LinkValue.UP, true);
            link.put(LinkValue.BITRATE, bitrate, "bitrate", new io.tidewatch.api.collector.Diagnostics());
            links.add(link);
        }
        return links;
    }
}
