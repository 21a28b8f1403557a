package io.tidewatch.collector.links;

import static io.tidewatch.collector.links.Encoder.damage;
import static io.tidewatch.collector.links.Encoder.fixture;
import static io.tidewatch.collector.links.Encoder.notes;
import static io.tidewatch.collector.links.Encoder.values;
import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.params.provider.Arguments.arguments;

import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.time.Duration;
import java.util.HashMap;
import java.util.Map;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

/** The statistics file of srtla-send-rs. */
class StatsFileTest {
    private static final String FILE = "srtla-send-stats-6000.json";
    private static final Map<String, Double> WHOLE = Map.of(
            "link.up[wwan0, stats_file]", 1.0,
            "link.rtt_ms[wwan0, stats_file]", 42.0,
            "link.naks_total[wwan0, stats_file]", 3.0,
            "link.weight_percent[wwan0, stats_file]", 85.0,
            "link.window[wwan0, stats_file]", 8192.0,
            "link.in_flight[wwan0, stats_file]", 100.0,
            "link.bitrate_bps[wwan0, stats_file]", 2_500_000.0,
            "link.active[stats_file]", 1.0);

    @TempDir
    Path folder;

    private Encoder encoder;

    @BeforeEach
    void encoder() throws Exception {
        encoder = new Encoder(folder).withLinks();
    }

    @Test
    void reportsEachLinkByItsInterface() throws Exception {
        encoder.write(FILE, fixture("srtla-send-rs.json"));
        LinksCollector collector = encoder.collector();
        assertThat(values(collector.collect())).isEqualTo(WHOLE);
        assertThat(collector.diagnostics()).isEmpty();
    }

    @Test
    void reportsWhatANewerSenderAdds() throws Exception {
        encoder.write(FILE, fixture("srtla-send-rs-newer.json"));
        LinksCollector collector = encoder.collector();
        Map<String, Double> values = values(collector.collect());
        assertThat(values)
                .containsEntry("link.sent_bytes_total[wwan0, stats_file]", 91_234_567.0)
                .containsEntry("link.rtt_ms[wwan1, stats_file]", 73.0)
                .containsEntry("link.up[wwan1, stats_file]", 1.0)
                .containsEntry("link.up[usb0, stats_file]", 0.0)
                .containsEntry("link.weight_percent[usb0, stats_file]", 0.0)
                .doesNotContainKey("link.rtt_ms[usb0, stats_file]")
                .containsEntry("link.active[stats_file]", 2.0);
        // (2.5 + 1.5)² / (2 · (2.5² + 1.5²))
        assertThat(values.get("link.spread[stats_file]")).isEqualTo(16 / 17.0);
        assertThat(collector.diagnostics()).isEmpty();
    }

    @Test
    void constantsOfASenderThatMeasuresNothingAreLeftOut() throws Exception {
        encoder.write(FILE, fixture("constants.json"));
        assertThat(values(encoder.collector().collect()))
                .doesNotContainKeys(
                        "link.rtt_ms[wwan0, stats_file]",
                        "link.weight_percent[wwan0, stats_file]",
                        "link.rtt_ms[wwan1, stats_file]",
                        "link.weight_percent[wwan1, stats_file]")
                .containsEntry("link.naks_total[wwan0, stats_file]", 5.0)
                .containsEntry("link.bitrate_bps[wwan1, stats_file]", 3_000_000.0)
                .containsEntry("link.spread[stats_file]", 0.8);
    }

    /** 5 s are the sender's own rule. */
    @Test
    void linksOfAStaleFileAreDownAndNothingElseIsKnown() throws Exception {
        encoder.write(FILE, fixture("srtla-send-rs.json"));
        LinksCollector collector = encoder.collector();
        encoder.pass(Duration.ofSeconds(4));
        assertThat(values(collector.collect())).isEqualTo(WHOLE);
        encoder.pass(Duration.ofMillis(1));
        assertThat(values(collector.collect()))
                .isEqualTo(Map.of("link.up[wwan0, stats_file]", 0.0, "link.active[stats_file]", 0.0));
        assertThat(damage(collector)).isEmpty();
        assertThat(notes(collector)).singleElement().asString().contains("the sender hangs or was killed");
        encoder.write(FILE, fixture("srtla-send-rs.json").replace("1749556546000", "1749556551000"));
        assertThat(values(collector.collect())).isEqualTo(WHOLE);
        assertThat(collector.diagnostics()).isEmpty();
    }

    /** The clock was set back, and the sender ended before it wrote again. */
    @Test
    void aFileFromTheFutureIsStale() throws Exception {
        encoder.write(FILE, fixture("srtla-send-rs.json").replace("1749556546000", "1749556553000"));
        assertThat(values(encoder.collector().collect())).containsEntry("link.up[wwan0, stats_file]", 0.0);
    }

    @Test
    void anIdleSenderHasNoActiveLink() throws Exception {
        encoder.write(FILE, "{\"schema_version\":1,\"last_updated_ms\":1749556546000,\"connections\":[]}");
        assertThat(values(encoder.collector().collect())).isEqualTo(Map.of("link.active[stats_file]", 0.0));
    }

    @Test
    void anotherSchemaIsReadAsFarAsItIsKnownAndNamed() throws Exception {
        encoder.write(
                FILE,
                fixture("srtla-send-rs.json")
                        .replace("\"schema_version\":1", "\"schema_version\":2")
                        .replace("\"rtt_ms\":42", "\"rtt_us\":42000"));
        LinksCollector collector = encoder.collector();
        assertThat(values(collector.collect()))
                .hasSize(WHOLE.size() - 1)
                .containsEntry("link.naks_total[wwan0, stats_file]", 3.0)
                .doesNotContainKey("link.rtt_ms[wwan0, stats_file]");
        assertThat(damage(collector)).isEmpty();
        assertThat(notes(collector)).singleElement().asString().contains("has schema_version 2, not 1");
    }

    @Test
    void aSchemaThatIsNoNumberIsAnotherOne() throws Exception {
        encoder.write(
                FILE, fixture("srtla-send-rs.json").replace("\"schema_version\":1", "\"schema_version\":\"1.1\""));
        LinksCollector collector = encoder.collector();
        assertThat(values(collector.collect())).isEqualTo(WHOLE);
        assertThat(notes(collector))
                .singleElement()
                .asString()
                .contains("schema_version: expected a number, found the string '1.1'", "schema 1 are read");
    }

    @ParameterizedTest
    @MethodSource
    void aValueThatCannotBeCostsItself(String field, String text, String metric, String problem) throws Exception {
        String whole = fixture("srtla-send-rs.json");
        encoder.write(FILE, whole.replaceFirst("\"" + field + "\":[^,}]+", "\"" + field + "\":" + text));
        LinksCollector collector = encoder.collector();
        Map<String, Double> values = values(collector.collect());
        assertThat(values).hasSize(WHOLE.size() - 1).doesNotContainKey(metric);
        assertThat(WHOLE).containsAllEntriesOf(values);
        assertThat(damage(collector)).singleElement().asString().contains(problem);
        encoder.write(FILE, whole);
        assertThat(values(collector.collect())).isEqualTo(WHOLE);
        assertThat(collector.diagnostics()).isEmpty();
    }

    static Stream<Arguments> aValueThatCannotBeCostsItself() {
        return Stream.of(
                arguments("rtt_ms", "\"--\"", "link.rtt_ms[wwan0, stats_file]", "found the string '--'"),
                arguments(
                        "rtt_ms", "-32768", "link.rtt_ms[wwan0, stats_file]", "rtt_ms of link wwan0 is -32768, which"),
                arguments("nak_count", "[]", "link.naks_total[wwan0, stats_file]", "nak_count: expected a number"),
                arguments("weight_percent", "101", "link.weight_percent[wwan0, stats_file]", "is 101, which"),
                arguments("window", "true", "link.window[wwan0, stats_file]", "found 'true'"),
                arguments("in_flight", "{\"a\":1}", "link.in_flight[wwan0, stats_file]", "found an object"),
                arguments("bitrate_bps", "1e30", "link.bitrate_bps[wwan0, stats_file]", "1.0E30"));
    }

    @Test
    void anAbsentOrEmptyValueIsNotNamed() throws Exception {
        encoder.write(
                FILE,
                fixture("srtla-send-rs.json")
                        .replace("\"rtt_ms\":42,", "\"rtt_ms\":null,")
                        .replace("\"window\":8192,", ""));
        LinksCollector collector = encoder.collector();
        assertThat(values(collector.collect())).hasSize(WHOLE.size() - 2);
        assertThat(collector.diagnostics()).isEmpty();
    }

    @ParameterizedTest
    @MethodSource
    void aFileThatIsNoDocumentIsNamedAndTheNextPassIsWhole(String text, String problem) throws Exception {
        encoder.write(FILE, text);
        LinksCollector collector = encoder.collector();
        assertThat(collector.collect()).isEmpty();
        assertThat(damage(collector))
                .singleElement()
                .asString()
                .contains("the statistics file " + encoder.path(FILE) + " cannot be read: ")
                .contains(problem);
        encoder.write(FILE, fixture("srtla-send-rs.json"));
        assertThat(values(collector.collect())).isEqualTo(WHOLE);
        assertThat(collector.diagnostics()).isEmpty();
    }

    static Stream<Arguments> aFileThatIsNoDocumentIsNamedAndTheNextPassIsWhole() {
        return Stream.of(
                arguments("", "found nothing"),
                arguments("{\"schema_version\":1,\"last_updated_ms\":1749556546000,\"conn", "line 1"),
                arguments("<html>", "line 1, column 1"),
                arguments("[1]", "expected an object, found an array"),
                arguments("{\"schema_version\":1,\"last_updated_ms\":1749556546000}", "it has no connections"),
                arguments(
                        "{\"schema_version\":1,\"last_updated_ms\":1749556546000,\"connections\":\"x\"}",
                        "connections: expected an array"),
                arguments("[" + " ".repeat(1 << 20), "it is longer than 1048576 bytes"));
    }

    @Test
    void aConnectionThatIsNoneCostsItself() throws Exception {
        String whole = fixture("srtla-send-rs.json");
        encoder.write(FILE, whole.replace("[{", "[7,{\"rtt_ms\":1},{\"conn_id\":\"x\"},{\"conn_id\":0},{"));
        LinksCollector collector = encoder.collector();
        Map<String, Double> rest = new HashMap<>(WHOLE);
        // Whether the others are up is not known.
        rest.remove("link.active[stats_file]");
        assertThat(values(collector.collect())).isEqualTo(rest);
        assertThat(damage(collector))
                .containsExactly(
                        "connections[0]: the link: expected an object, found '7'",
                        "connections[1]: conn_id: expected a place in the list of addresses, found none",
                        "connections[2]: conn_id: expected a place in the list of addresses, found the string 'x'",
                        "connections[3]: conn_id: expected a string, found '0'");

        encoder.write(FILE, whole);
        assertThat(values(collector.collect())).isEqualTo(WHOLE);
        assertThat(damage(collector)).isEmpty();
    }

    @Test
    void theTimeOfTheFileCountsWhereTheDocumentHasNone() throws Exception {
        for (String time : new String[] {"\"now\"", "-1", "null"}) {
            encoder.write(FILE, fixture("srtla-send-rs.json").replace("1749556546000", time));
            LinksCollector collector = encoder.collector();
            assertThat(values(collector.collect())).as(time).isEqualTo(WHOLE);
            assertThat(damage(collector)).singleElement().asString().contains("last_updated_ms");
        }
    }

    /** The numbers of links mean the lines of the list that the sender read. */
    @Test
    void nothingIsKnownWhileTheListIsNewerThanTheDocument() throws Exception {
        encoder.write(FILE, fixture("srtla-send-rs.json"));
        LinksCollector collector = encoder.collector();
        Path list = encoder.write("srtla_ips", "10.64.1.2\n");
        Files.setLastModifiedTime(list, FileTime.from(Encoder.WRITTEN.plusMillis(500)));
        assertThat(collector.collect()).isEmpty();
        encoder.write(FILE, fixture("srtla-send-rs.json").replace("1749556546000", "1749556546700"));
        assertThat(values(collector.collect())).containsEntry("link.rtt_ms[wwan1, stats_file]", 42.0);
        Files.setLastModifiedTime(list, FileTime.from(Encoder.WRITTEN.plusSeconds(86_400)));
        assertThat(values(collector.collect())).containsEntry("link.rtt_ms[wwan1, stats_file]", 42.0);
    }

    @Test
    void aConnectionThatIsNoneIsDownWithTheOthersWhenTheFileIsStale() throws Exception {
        encoder.write(FILE, fixture("srtla-send-rs.json").replace("[{", "[7,{"));
        encoder.pass(Duration.ofMinutes(1));
        assertThat(values(encoder.collector().collect()))
                .isEqualTo(Map.of("link.up[wwan0, stats_file]", 0.0, "link.active[stats_file]", 0.0));
    }

    @Test
    void linksWithoutANameInTheListHaveTheirNumber() throws Exception {
        Files.delete(encoder.path("srtla_ips"));
        encoder.write(FILE, fixture("srtla-send-rs.json"));
        LinksCollector collector = encoder.collector();
        assertThat(values(collector.collect())).containsEntry("link.rtt_ms[conn0, stats_file]", 42.0);
        encoder.write("srtla_ips", "nonsense\n10.0.0.2\n");
        assertThat(values(collector.collect())).containsEntry("link.rtt_ms[conn0, stats_file]", 42.0);
        assertThat(damage(collector))
                .singleElement()
                .asString()
                .contains("srtla_ips line 1: expected an address, found 'nonsense'");
        encoder.withLinks();
        assertThat(values(collector.collect())).isEqualTo(WHOLE);
        assertThat(collector.diagnostics()).isEmpty();
    }

    /** A file from the future is one that was left behind when the clock was set back. */
    @ParameterizedTest
    @ValueSource(longs = {-1, 864_000})
    void theNewestFileCounts(long leftBehind) throws Exception {
        Path left = encoder.write(FILE, "left behind");
        Files.setLastModifiedTime(left, FileTime.from(Encoder.WRITTEN.plusSeconds(leftBehind)));
        encoder.write("srtla-send-stats-9000.json", fixture("srtla-send-rs.json"));
        LinksCollector collector = encoder.collector();
        assertThat(values(collector.collect())).isEqualTo(WHOLE);
        assertThat(notes(collector)).singleElement().asString().contains("2 files match", "-9000.json, is read");
    }

    @Test
    void onlyTheStarOfAPatternStandsForOtherCharacters() throws Exception {
        encoder.with("stats.file", folder.resolve("srtla[{1}-*-?.json").toString());
        encoder.write("srtla[{1}-6000-0.json", "{}");
        encoder.write("srtla[{1}-6000-?.json", fixture("srtla-send-rs.json"));
        LinksCollector collector = encoder.collector();
        assertThat(values(collector.collect())).isEqualTo(WHOLE);
        assertThat(collector.diagnostics()).isEmpty();
    }

    @Test
    void aFolderThatCannotBeListedIsNamedWithTheReason() throws Exception {
        Path loop = Files.createSymbolicLink(encoder.path("loop"), encoder.path("loop"));
        encoder.with("stats.file", loop.resolve("*.json").toString()).with("source", "stats_file");
        LinksCollector collector = encoder.collector();
        assertThat(collector.collect()).isEmpty();
        assertThat(damage(collector))
                .singleElement()
                .asString()
                .startsWith("the folder " + loop + " cannot be listed: ");
        Files.delete(loop);
        Files.createDirectory(loop);
        encoder.write("loop/x.json", fixture("srtla-send-rs.json"));
        assertThat(values(collector.collect())).isEqualTo(WHOLE);
    }

    @ParameterizedTest
    @ValueSource(strings = {"folder", "dangling"})
    void somethingElseInPlaceOfTheFileIsNoSenderOrNamed(String kind) throws Exception {
        Path file = encoder.path(FILE);
        if (kind.equals("folder")) {
            Files.createDirectory(file);
        } else {
            Files.createSymbolicLink(file, folder.resolve("nowhere"));
        }
        LinksCollector collector = encoder.with("source", "stats_file").collector();
        assertThat(collector.collect()).isEmpty();
        assertThat(damage(collector)).hasSize(kind.equals("folder") ? 1 : 0);
        Files.delete(file);
        encoder.write(FILE, fixture("srtla-send-rs.json"));
        assertThat(values(collector.collect())).isEqualTo(WHOLE);
    }
}
