package io.tidewatch.exposition;

import static org.assertj.core.api.Assertions.assertThat;

import io.tidewatch.api.collector.Diagnostic;
import io.tidewatch.api.collector.Diagnostic.Severity;
import io.tidewatch.api.collector.Diagnostics;
import io.tidewatch.api.collector.Kind;
import io.tidewatch.api.collector.Metric;
import io.tidewatch.api.collector.Sample;
import io.tidewatch.api.config.NameFilter;
import io.tidewatch.api.config.NamePatterns;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.atomic.AtomicLong;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;

/** From the text of a page to samples: names, limits, times, and what is reported. */
class PageSamplesTest {
    private final AtomicLong nanos = new AtomicLong();
    private final DropCounts drops = new DropCounts("test");

    @Test
    void namesLabelsKindsAndHelpStayAsTheyAre() throws Exception {
        PageSamples samples = samples(PageSettings.DEFAULT);
        List<Sample> read = read(
                samples,
                """
                # HELP node_cpu_seconds_total Seconds the CPUs spent in each mode.
                # TYPE node_cpu_seconds_total counter
                node_cpu_seconds_total{mode="idle",cpu="0"} 12.5
                job:Rate:sum 3
                requests_total 4
                # TYPE lat histogram
                lat_bucket{le="+Inf"} 5
                """);
        assertThat(read)
                .containsExactly(
                        Metric.foreign(
                                        "node_cpu_seconds_total",
                                        Kind.COUNTER,
                                        "Seconds the CPUs spent in each mode.",
                                        List.of("cpu", "mode"))
                                .sample(12.5, "0", "idle"),
                        Metric.foreign("job:Rate:sum", Kind.GAUGE, "No help text", List.of())
                                .sample(3),
                        Metric.foreign("requests_total", Kind.COUNTER, "No help text", List.of())
                                .sample(4),
                        Metric.foreign("lat_bucket", Kind.COUNTER, "No help text", List.of("le"))
                                .sample(5, "+Inf"));
        assertThat(reported(samples)).isEmpty();
    }

    @Test
    void aSeriesIsTheSameObjectInEveryPass() throws Exception {
        PageSamples samples = samples(PageSettings.DEFAULT);
        String page = "# TYPE a gauge\na{b=\"c\"} 1\na{b=\"d\"} 1\n";
        List<Sample> first = read(samples, page);
        List<Sample> second = read(samples, page.replace("} 1", "} 2"));
        assertThat(second.get(0).metric())
                .isSameAs(first.get(0).metric())
                .isSameAs(first.get(1).metric());
        assertThat(second.get(0).tagValues()).isSameAs(first.get(0).tagValues());
        assertThat(second.get(1).value()).isEqualTo(2);
        List<Sample> retyped = read(samples, page.replace("gauge", "counter"));
        assertThat(retyped.get(0).metric().kind()).isEqualTo(Kind.COUNTER);
    }

    @Test
    void labelsOfTheConfigurationAreAddedAndDeviceIdIsRenamed() throws Exception {
        PageSamples samples = samples(with(Map.of("job", "node", "site", "a"), 10, false));
        List<Sample> read = read(samples, "up{site=\"b\",device_id=\"x\"} 1\n{\"my.metric\",\"k.l\"=\"v\"} 2\n");
        assertThat(read.get(0).metric().tags()).containsExactly("exported_device_id", "job", "site");
        assertThat(read.get(0).tagValues()).containsExactly("x", "node", "b");
        assertThat(read.get(1).metric().name()).isEqualTo("my_metric");
        assertThat(read.get(1).metric().tags()).containsExactly("job", "k_l", "site");
        assertThat(reported(samples))
                .containsExactly(new Diagnostic(
                        Severity.NOTE, "device_id", "the label device_id is sent as exported_device_id in: up"));
    }

    @Test
    void excludedNamesAreNeitherReadNorCounted() throws Exception {
        PageSettings settings = new PageSettings(
                new NameFilter(
                        NamePatterns.parse("include", "go_goroutines, q.i"),
                        NamePatterns.parse("exclude", "go_.*, q.*")),
                new TreeMap<>(),
                2,
                1 << 20,
                false);
        PageSamples samples = samples(settings);
        List<Sample> read = read(samples, "go_a 1\ngo_b 2\ngo_goroutines 3\nup 4\n{\"q.o\"} 5\n{\"q.i\"} 6\n");
        assertThat(read).extracting(Sample::value).containsExactly(3.0, 4.0);
        assertThat(dropped()).containsExactly(Map.entry(DropReason.MAX_SERIES, 1L));
    }

    @Test
    void seriesBeyondTheLimitAreCountedAndNamedAndMakeRoomAfterAnHour() throws Exception {
        PageSamples samples = samples(with(Map.of(), 3, false));
        assertThat(read(samples, "a{i=\"1\"} 1\na{i=\"2\"} 1\na{i=\"3\"} 1\na{i=\"4\"} 1\na{i=\"5\"} 1\n"))
                .hasSize(3);
        assertThat(reported(samples))
                .containsExactly(new Diagnostic(
                        Severity.LIMITED,
                        "max.series",
                        "2 samples of series beyond max.series = 3, such as a; raise max.series or exclude names"));
        assertThat(dropped()).containsExactly(Map.entry(DropReason.MAX_SERIES, 2L));

        nanos.addAndGet(Duration.ofMinutes(50).toNanos());
        assertThat(read(samples, "a{i=\"1\"} 1\n")).hasSize(1);
        nanos.addAndGet(Duration.ofMinutes(11).toNanos());
        assertThat(read(samples, "a{i=\"1\"} 1\na{i=\"5\"} 1\na{i=\"6\"} 1\na{i=\"7\"} 1\n"))
                .as("2 and 3 have not been seen for an hour")
                .hasSize(3);
    }

    @Test
    void aLabelThatAlwaysChangesIsBounded() throws Exception {
        PageSamples samples = samples(with(Map.of(), 100, false));
        int kept = 0;
        for (int pass = 0; pass < 50; pass++) {
            StringBuilder page = new StringBuilder("steady 1\n");
            for (int i = 0; i < 20; i++) {
                page.append("a{pass=\"")
                        .append(pass)
                        .append("\",i=\"")
                        .append(i)
                        .append("\"} 1\n");
            }
            List<Sample> read = read(samples, page.toString());
            assertThat(read.get(0).metric().name()).isEqualTo("steady");
            kept += read.size() - 1;
        }
        assertThat(kept).isEqualTo(99);
    }

    @Test
    void numbersThatAreNoneAreLeftOutWithoutAWord() throws Exception {
        PageSamples samples = samples(PageSettings.DEFAULT);
        assertThat(read(samples, "q{quantile=\"0.5\"} NaN\na +Inf\nb 1\n")).hasSize(1);
        assertThat(reported(samples)).isEmpty();
        assertThat(dropped()).containsExactly(Map.entry(DropReason.NOT_FINITE, 2L));
    }

    @Test
    void timestampsAreKeptIfWantedAndEachIsStoredOnce() throws Exception {
        String page = "a 1 1700000000000\nb 2\na 3 1700000005000\n";
        PageSamples samples = samples(with(Map.of(), 10, true));
        assertThat(read(samples, page)).extracting(Sample::value).containsExactly(2.0);
        assertThat(samples.timed())
                .extracting(group -> group.time().toEpochMilli())
                .containsExactly(1700000000000L, 1700000005000L);
        assertThat(samples.size()).isEqualTo(3);
        read(samples, "a 3 1700000005000\nb 2\n");
        assertThat(samples.timed()).as("unchanged since").isEmpty();
        assertThat(dropped()).isEmpty();

        PageSamples without = samples(with(Map.of(), 10, false));
        assertThat(read(without, "a 1 1700000000000\n")).hasSize(1);
        assertThat(without.timed()).isEmpty();
    }

    @Test
    void timestampsOfAPassThatWasLostAreReturnedAgain() throws Exception {
        String page = "a 1 1700000000000\na 2 1700000005000\n";
        PageSamples samples = samples(with(Map.of(), 10, true));
        read(samples, "a 1 1700000000000\n");
        for (int lost = 0; lost < 3; lost++) {
            readAndLose(samples, page);
            assertThat(samples.timed())
                    .as("but for the one that is stored")
                    .extracting(group -> group.time().toEpochMilli())
                    .containsExactly(1700000005000L);
        }
        readAndLose(samples, "b 1\n");
        read(samples, page);
        assertThat(samples.size()).isEqualTo(1);
        read(samples, page);
        assertThat(samples.timed()).as("stored since").isEmpty();
    }

    @Test
    void aPageOfManyTimesIsStoredOnceAndBounded() throws Exception {
        String page = "a 1 1700000000000\na 2 1700000005000\na 3 1600000000000\na 9 1700000005000\n";
        PageSamples samples = samples(with(Map.of(), 4, true));
        read(samples, page);
        assertThat(samples.size()).isEqualTo(3);
        assertThat(dropped()).containsExactly(Map.entry(DropReason.DUPLICATE, 1L));
        read(samples, page);
        assertThat(samples.size()).as("unchanged since").isZero();
        read(samples, "b 1\n");
        read(samples, "# TYPE a counter\n" + page);
        assertThat(samples.size()).as("another type, but no other samples").isZero();
        read(samples, page + "a 4 1700000010000\na 5 1700000015000\n");
        assertThat(samples.timed())
                .extracting(group -> group.time().toEpochMilli())
                .containsExactly(1700000010000L);
        assertThat(dropped()).containsEntry(DropReason.MAX_SERIES, 1L);
        assertThat(reported(samples))
                .contains(new Diagnostic(
                        Severity.LIMITED,
                        "max.series",
                        "1 samples of series beyond max.series = 4, such as a; raise max.series or exclude names"));
    }

    @Test
    void problemsAreNamedOncePerPageWithTheirNumber() throws Exception {
        PageSamples samples = samples(new PageSettings(PageSettings.DEFAULT.names(), new TreeMap<>(), 100, 60, false));
        samples.begin();
        samples.read("a.prom", stream("x one\ny 1\ny 2\ny 3\nz two\n"), ExpositionFormat.TEXT, true);
        samples.read("b.prom", stream("w 1\n".repeat(20)), ExpositionFormat.OPENMETRICS, true);
        samples.read("c.prom", stream("v 1\n"), ExpositionFormat.OPENMETRICS, true);
        assertThat(reported(samples))
                .containsExactly(
                        new Diagnostic(
                                Severity.DAMAGED,
                                "a.prom",
                                "a.prom:1:3: expected a number, found 'one', in 'x one'; and 1 more"),
                        new Diagnostic(
                                Severity.DAMAGED,
                                "a.prom duplicates",
                                "a.prom: a series of y stands twice; and 1 more"),
                        new Diagnostic(
                                Severity.DAMAGED,
                                "b.prom duplicates",
                                "b.prom: a series of w stands twice; and 13 more"),
                        new Diagnostic(
                                Severity.LIMITED,
                                "b.prom length",
                                "b.prom: longer than max.bytes, so that the rest is not read; raise it"),
                        new Diagnostic(
                                Severity.DAMAGED,
                                "c.prom end",
                                "c.prom: ends without # EOF, so that it may be cut off"));
        assertThat(samples.list()).extracting(sample -> sample.metric().name()).containsExactly("y", "w", "v");
        samples.begin();
        assertThat(reported(samples)).isEmpty();
        assertThat(dropped())
                .containsOnly(
                        Map.entry(DropReason.MALFORMED, 2L),
                        Map.entry(DropReason.DUPLICATE, 16L),
                        Map.entry(DropReason.MAX_BYTES, 1L));
    }

    @Test
    void samplesOfNoPageAreTreatedTheSame() throws Exception {
        PageSamples samples = samples(with(Map.of("job", "x"), 2, false));
        samples.begin();
        samples.add("stdout", new SeriesName("queue", new TreeMap<>(Map.of("a", "b"))), Kind.GAUGE, 1);
        samples.add("stdout", new SeriesName("queue", new TreeMap<>(Map.of("a", "b"))), Kind.GAUGE, 2);
        samples.add("stdout", new SeriesName("other", new TreeMap<>()), Kind.COUNTER, 3);
        samples.add("stdout", new SeriesName("third", new TreeMap<>()), Kind.GAUGE, 4);
        assertThat(samples.list())
                .containsExactly(
                        Metric.foreign("queue", Kind.GAUGE, "No help text", List.of("a", "job"))
                                .sample(1, "b", "x"),
                        Metric.foreign("other", Kind.COUNTER, "No help text", List.of("job"))
                                .sample(3, "x"));
        assertThat(dropped()).containsOnly(Map.entry(DropReason.DUPLICATE, 1L), Map.entry(DropReason.MAX_SERIES, 1L));
    }

    private Map<DropReason, Long> dropped() {
        return drops.samples().stream()
                .collect(Collectors.toMap(
                        sample -> DropReason.valueOf(sample.tagValues().get(0).toUpperCase(Locale.ROOT)),
                        sample -> (long) sample.value()));
    }

    private PageSamples samples(PageSettings settings) {
        return new PageSamples(settings, drops, nanos::get);
    }

    private static PageSettings with(Map<String, String> labels, int maxSeries, boolean timestamps) {
        return new PageSettings(PageSettings.DEFAULT.names(), new TreeMap<>(labels), maxSeries, 1 << 20, timestamps);
    }

    @Test
    void labelsOfNoPageMayHaveAnyText() throws Exception {
        PageSamples samples = new PageSamples(PageSettings.DEFAULT, new DropCounts("exec"), () -> 0);
        samples.begin();
        samples.add("output", new SeriesName("n", new TreeMap<>(Map.of("a", "x, b=y", "b", "z"))), Kind.GAUGE, 1);
        samples.add("output", new SeriesName("n", new TreeMap<>(Map.of("a", "x", "b", "y, b=z"))), Kind.GAUGE, 2);
        assertThat(samples.list())
                .extracting(Sample::tagValues)
                .containsExactly(List.of("x, b=y", "z"), List.of("x", "y, b=z"));
    }

    private static void readAndLose(PageSamples samples, String page) throws IOException {
        samples.begin();
        samples.read("page", stream(page), ExpositionFormat.TEXT, true);
    }

    private static List<Sample> read(PageSamples samples, String page) throws IOException {
        readAndLose(samples, page);
        samples.stored();
        return new ArrayList<>(samples.list());
    }

    private static List<Diagnostic> reported(PageSamples samples) {
        Diagnostics diagnostics = new Diagnostics();
        samples.report(diagnostics);
        return diagnostics.list();
    }

    private static ByteArrayInputStream stream(String page) {
        return new ByteArrayInputStream(page.getBytes(StandardCharsets.UTF_8));
    }
}
