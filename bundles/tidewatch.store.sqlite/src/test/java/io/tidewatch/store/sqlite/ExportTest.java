package io.tidewatch.store.sqlite;

import static io.tidewatch.store.sqlite.db.Schema.DESTINATION;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.tuple;
import static org.assertj.core.api.Assertions.within;

import io.tidewatch.api.collector.Kind;
import io.tidewatch.api.collector.Metric;
import io.tidewatch.api.collector.Sample;
import io.tidewatch.api.collector.Unit;
import io.tidewatch.api.store.Delivery;
import io.tidewatch.api.store.DeliveryOutcome;
import io.tidewatch.api.store.DeliveryQuery;
import io.tidewatch.api.store.Priority;
import io.tidewatch.api.store.SampleBatch;
import io.tidewatch.api.store.Series;
import io.tidewatch.store.sqlite.engine.SqliteStore;
import io.tidewatch.store.sqlite.export.Export;
import io.tidewatch.store.sqlite.export.ExportException;
import io.tidewatch.store.sqlite.export.ExportReport;
import io.tidewatch.store.sqlite.export.ExportRequest;
import io.tidewatch.store.sqlite.export.LineBuffers;
import io.tidewatch.store.sqlite.export.WholeFile;
import io.tidewatch.store.sqlite.history.ReadOnlyDatabase;
import io.tidewatch.store.sqlite.history.SampleScan;
import io.tidewatch.store.sqlite.history.SeriesCatalogue;
import io.tidewatch.store.sqlite.tables.StoredSeries;
import io.tidewatch.testing.server.ImportLines;
import io.tidewatch.testing.server.ReceivedSample;
import io.tidewatch.testing.server.VictoriaMetrics;
import java.io.ByteArrayInputStream;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.stream.Stream;
import java.util.zip.GZIPInputStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

@Timeout(120)
class ExportTest {
    private static final Instant NOW = ManySamples.NOW;
    private static final Metric LEVEL = Metric.gauge("tank.level", Unit.PERCENT, "How full");
    private static final Metric NOTE = Metric.text("tank.note", "A note");

    @TempDir
    Path folder;

    private Path file;
    private Path output;
    private SqliteStore store;

    @BeforeEach
    void open() throws Exception {
        file = folder.resolve("metrics.db");
        output = folder.resolve("out.jsonl.gz");
        store = TestStores.open(file, ManySamples.CLOCK);
    }

    @AfterEach
    void close() {
        store.close();
    }

    @Test
    void writesEverySampleOnceInLinesOfABoundedLength() throws Exception {
        ManySamples.append(store, NOW.minusSeconds(1000), 250, 30);

        ExportReport report = export(everything());

        List<ReceivedSample> samples = ImportLines.decodeGzip(Files.readAllBytes(output));
        assertThat(samples).hasSize(7500);
        assertThat(new HashSet<>(samples)).isEqualTo(new HashSet<>(expected(NOW.minusSeconds(1000), 250, 30)));
        assertThat(report).isEqualTo(new ExportReport(7500, 30, 90, Files.size(output), 0, new TreeMap<>()));
        assertThat(lines()).hasSize(90);
        assertThat(beside()).containsOnlyOnce("out.jsonl.gz").doesNotContain("out.jsonl.gz.part");
    }

    @Test
    void theSameSamplesGiveTheSameBytesWhetherTheStoreIsOpenOrNot() throws Exception {
        ManySamples.append(store, NOW.minusSeconds(1000), 170, 70);
        export(everything());
        byte[] open = Files.readAllBytes(output);
        store.close();
        Set<String> files = beside();

        export(everything());

        assertThat(Files.readAllBytes(output)).isEqualTo(open);
        assertThat(beside()).as("reading leaves nothing beside the database").isEqualTo(files);
    }

    @Test
    void keepsToTheRange() throws Exception {
        ManySamples.append(store, NOW.minusSeconds(100), 100, 3);

        export(new ExportRequest(
                file,
                output,
                NOW.minusSeconds(90).toEpochMilli(),
                NOW.minusSeconds(80).toEpochMilli(),
                false));

        assertThat(ImportLines.decodeGzip(Files.readAllBytes(output)))
                .containsExactlyInAnyOrderElementsOf(expected(NOW.minusSeconds(90), 10, 3));
    }

    @Test
    void writesOnlyWhatIsPendingIfAsked() throws Exception {
        ManySamples.append(store, NOW.minusSeconds(100), 50, 4);
        Delivery delivery =
                store.next(DeliveryQuery.everything(DESTINATION, 120)).orElseThrow();
        store.complete(delivery, DeliveryOutcome.accepted(delivery, NOW));

        ExportReport report = export(new ExportRequest(file, output, 0, Long.MAX_VALUE, true));

        assertThat(report.samples()).isEqualTo(80);
        assertThat(ImportLines.decodeGzip(Files.readAllBytes(output)))
                .containsExactlyInAnyOrderElementsOf(expected(NOW.minusSeconds(70), 20, 4));
        assertThat(store.status().pendingSamples())
                .as("an export delivers nothing")
                .isEqualTo(80);
    }

    @Test
    void countsWhatTheImporterWouldSpoilWithItsReason() throws Exception {
        Metric tagged = Metric.gauge("tank.tagged", Unit.NONE, "A tag without value", "t");
        Metric twin = Metric.gauge("tank.twin", Unit.NONE, "Two series that are one without the empty tag");
        append(NOW, LEVEL.sample(1), NOTE.sample("full"), tagged.sample(2, ""));
        append(NOW.plusSeconds(1), NOTE.sample("empty"), tagged.sample(2, ""));
        store.append(batch(NOW, Map.of("a.b", "x", "a_b", "y"), LEVEL.sample(1)));
        store.append(batch(NOW, Map.of("t", ""), twin.sample(3)));
        store.append(batch(NOW, Map.of(), twin.sample(4)));

        ExportReport report = export(everything());

        assertThat(report.leftOut()).isEqualTo(Map.of("text", 2L, "label_name_twice", 1L, "label_value_empty", 1L));
        assertThat(ImportLines.decodeGzip(Files.readAllBytes(output)))
                .extracting(ReceivedSample::name, ReceivedSample::value)
                .containsExactlyInAnyOrder(
                        tuple("tank_level_percent", 1.0),
                        tuple("tank_tagged", 2.0),
                        tuple("tank_tagged", 2.0),
                        tuple("tank_twin", 4.0));
    }

    @Test
    void tellsOfSamplesFarAheadOfTheClock() throws Exception {
        ManySamples.append(store, NOW.minusSeconds(10), 5, 2);
        Clock threeDaysBefore = Clock.offset(ManySamples.CLOCK, Duration.ofDays(-3));

        ExportReport report = Export.run(everything(), threeDaysBefore, System.out);

        assertThat(report.ahead()).isEqualTo(10);
        assertThat(report.samples()).isEqualTo(10);
    }

    @Test
    void anEmptyDatabaseGivesAnEmptyFile() throws Exception {
        assertThat(export(everything()).samples()).isZero();
        assertThat(lines()).isEmpty();
    }

    @Test
    void theServerHasTheSameSamplesAfterAnImport() throws Exception {
        // Around the present: the server keeps nothing that is older than its retention.
        Clock clock = Clock.systemUTC();
        Instant start = clock.instant().truncatedTo(ChronoUnit.SECONDS).minusSeconds(600);
        Path own = folder.resolve("own.db");
        try (SqliteStore present = TestStores.open(own, clock)) {
            ManySamples.append(present, start, 300, 20);
        }
        Export.run(new ExportRequest(own, output, 0, Long.MAX_VALUE, false), clock, System.out);

        try (VictoriaMetrics server = VictoriaMetrics.start()) {
            HttpResponse<String> answer = HttpClient.newHttpClient()
                    .send(
                            HttpRequest.newBuilder(server.importUrl())
                                    .header("Content-Encoding", "gzip")
                                    .timeout(Duration.ofSeconds(30))
                                    .POST(HttpRequest.BodyPublishers.ofFile(output))
                                    .build(),
                            HttpResponse.BodyHandlers.ofString());
            assertThat(answer.statusCode()).isEqualTo(204);
            server.flush();

            Map<SortedMap<String, String>, SortedMap<Long, Double>> stored = server.export("{device_id=\"rig-1\"}");
            assertThat(stored).hasSize(20);
            for (int n = 0; n < 20; n++) {
                TreeMap<String, String> labels =
                        new TreeMap<>(Map.of("__name__", "many_value", "device_id", "rig-1", "n", String.valueOf(n)));
                SortedMap<Long, Double> values = stored.getOrDefault(labels, new TreeMap<>());
                assertThat(values).as("%s", labels).hasSize(300);
                for (int second = 0; second < 300; second++) {
                    Instant time = start.plusSeconds(second);
                    double value = ManySamples.value(time, n);
                    assertThat(values.getOrDefault(time.toEpochMilli(), Double.NaN))
                            .isCloseTo(value, within(Math.abs(value) * 1e-12));
                }
            }
        }
    }

    @Test
    @Tag("slow")
    void goesOnWhileTheStoreIsWrittenAndItsLogIsCut() throws Exception {
        ManySamples.append(store, NOW.minusSeconds(2000), 400, 60);
        CountDownLatch begun = new CountDownLatch(1);
        AtomicBoolean ended = new AtomicBoolean();
        CompletableFuture<Integer> writer = CompletableFuture.supplyAsync(() -> {
            int cut = 0;
            try {
                for (int i = 0; !ended.get() || cut == 0; i++) {
                    store.append(ManySamples.batch(NOW.minusSeconds(1500).plusMillis(i), 60));
                    if (i % 10 == 0) {
                        cut += store.database().checkpoint(false).truncated() ? 1 : 0;
                    }
                    begun.countDown();
                }
            } catch (Exception e) {
                throw new IllegalStateException(e);
            }
            return cut;
        });
        assertThat(begun.await(30, TimeUnit.SECONDS)).isTrue();
        try {
            export(everything());
        } finally {
            ended.set(true);
        }

        assertThat(writer.get(60, TimeUnit.SECONDS)).as("every cut succeeded").isPositive();
        List<ReceivedSample> samples = ImportLines.decodeGzip(Files.readAllBytes(output));
        assertThat(new HashSet<>(samples))
                .hasSameSizeAs(samples)
                .containsAll(expected(NOW.minusSeconds(2000), 400, 60));
    }

    @Test
    void aPageDoesNotKeepTheLogFromBeingCut() throws Exception {
        ManySamples.append(store, NOW.minusSeconds(100), 20, 10);
        try (ReadOnlyDatabase database = ReadOnlyDatabase.open(file)) {
            SeriesCatalogue series = SeriesCatalogue.read(database, any -> true);
            SampleScan scan = new SampleScan(database, series, 0, Long.MAX_VALUE, true, 0, false, 50);
            assertThat(scan.next()).isNotNull();
            ManySamples.append(store, NOW.minusSeconds(10), 1, 10);

            store.checkpoint();

            assertThat(store.status().walSizeBytes()).isZero();
            assertThat(scan.next()).hasSize(50);
        }
    }

    @Test
    void anAgentThatStartsMeanwhileIsSeen() throws Exception {
        ManySamples.append(store, NOW.minusSeconds(100), 20, 10);
        store.close();
        try (ReadOnlyDatabase database = ReadOnlyDatabase.open(file)) {
            assertThat(SampleScan.end(database)).isEqualTo(NOW.minusSeconds(81).toEpochMilli() + 1);

            store = TestStores.open(file, ManySamples.CLOCK);
            ManySamples.append(store, NOW, 1, 10);

            assertThat(SampleScan.end(database)).isEqualTo(NOW.toEpochMilli() + 1);
        }
    }

    @Test
    void whatFailsLeavesTheOldFileAndNothingElse() throws Exception {
        Files.writeString(output, "old");
        Files.writeString(folder.resolve("broken.db"), "This is no database, however long it is. ".repeat(50));

        assertThatThrownBy(
                        () -> export(new ExportRequest(folder.resolve("broken.db"), output, 0, Long.MAX_VALUE, false)))
                .hasMessageContainingAll("broken.db", "no SQLite database");

        assertThat(output).hasContent("old");
        assertThat(beside()).doesNotContain("out.jsonl.gz.part");
    }

    @Test
    void anUnfinishedFileGoesAndTheOldOneStays() throws Exception {
        Files.writeString(output, "old");
        try (WholeFile unfinished = WholeFile.create(output)) {
            unfinished.stream().write('x');
            assertThat(beside()).contains("out.jsonl.gz.part");
        }

        assertThat(output).hasContent("old");
        assertThat(beside()).doesNotContain("out.jsonl.gz.part");
    }

    @Test
    void manySeriesGetTheirLinesEarly() throws Exception {
        List<String> lines = new ArrayList<>();
        LineBuffers buffers = new LineBuffers(
                4, 6, (series, samples) -> lines.add(series.id() + ": " + samples.timestamp(0) + "+" + samples.size()));
        for (int time = 0; time < 4; time++) {
            for (int id = 1; id <= (time == 3 ? 1 : 2); id++) {
                buffers.add(stored(id), time, 1);
            }
        }
        buffers.flush();

        assertThat(lines).containsExactly("1: 0+3", "2: 0+3", "1: 3+1");
    }

    @Test
    void aFullLineIsWrittenAtOnce() throws Exception {
        List<String> lines = new ArrayList<>();
        LineBuffers buffers =
                new LineBuffers(2, 100, (series, samples) -> lines.add(series.id() + "+" + samples.size()));
        for (int time = 0; time < 5; time++) {
            buffers.add(stored(7), time, 1);
        }

        assertThat(lines).containsExactly("7+2", "7+2");
    }

    @Test
    void aFileThatAnotherExportWritesIsLeftToIt() throws Exception {
        try (WholeFile other = WholeFile.create(output)) {
            other.stream().write('x');

            assertThatThrownBy(() -> export(everything()))
                    .isInstanceOf(ExportException.class)
                    .hasMessageContaining("another process is writing it");

            assertThat(other.complete()).isEqualTo(1);
        }
        assertThat(output).hasContent("x");
    }

    private static StoredSeries stored(int id) {
        return new StoredSeries(id, new Series("a", Kind.GAUGE, Unit.NONE, "rig-1", new TreeMap<>(), Priority.NORMAL));
    }

    private ExportRequest everything() {
        return new ExportRequest(file, output, 0, Long.MAX_VALUE, false);
    }

    private static ExportReport export(ExportRequest request) throws Exception {
        return Export.run(request, ManySamples.CLOCK, System.out);
    }

    private void append(Instant time, Sample... samples) throws Exception {
        store.append(new SampleBatch(time, "rig-1", new TreeMap<>(), Priority.NORMAL, List.of(samples)));
    }

    private static SampleBatch batch(Instant time, Map<String, String> labels, Sample sample) {
        return new SampleBatch(time, "rig-1", new TreeMap<>(labels), Priority.NORMAL, List.of(sample));
    }

    private static List<ReceivedSample> expected(Instant first, int passes, int series) {
        List<ReceivedSample> expected = new ArrayList<>();
        for (int pass = 0; pass < passes; pass++) {
            Instant time = first.plusSeconds(pass);
            for (int n = 0; n < series; n++) {
                expected.add(new ReceivedSample(
                        new TreeMap<>(Map.of("__name__", "many_value", "device_id", "rig-1", "n", String.valueOf(n))),
                        time.toEpochMilli(),
                        ManySamples.value(time, n)));
            }
        }
        return expected;
    }

    private List<String> lines() throws Exception {
        try (GZIPInputStream plain = new GZIPInputStream(new ByteArrayInputStream(Files.readAllBytes(output)))) {
            return new String(plain.readAllBytes(), StandardCharsets.UTF_8)
                    .lines()
                    .toList();
        }
    }

    private Set<String> beside() throws Exception {
        try (Stream<Path> files = Files.list(folder)) {
            return Set.copyOf(
                    files.map(path -> String.valueOf(path.getFileName())).toList());
        }
    }
}
